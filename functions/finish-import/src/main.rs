use std::process::ExitCode;

use conduct::Fault;
use finish_import::FinishImport;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let by = Fault::name_of;
    lambda::workflow::run_naming(by, FinishImport::from_environment, FinishImport::finish).await
}
