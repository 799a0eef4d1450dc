use std::process::ExitCode;

use conduct::Fault;
use write_export::WriteExport;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let by = Fault::name_of;
    lambda::workflow::run_naming(by, WriteExport::from_environment, WriteExport::write).await
}
