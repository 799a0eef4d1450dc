use std::process::ExitCode;

use write_export::WriteExport;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::workflow::run(WriteExport::from_environment, WriteExport::write).await
}
