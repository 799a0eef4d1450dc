use std::process::ExitCode;

use finish_import::FinishImport;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::workflow::run(FinishImport::from_environment, FinishImport::finish).await
}
