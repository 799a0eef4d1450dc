use std::process::ExitCode;

use start_import::StartImport;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::workflow::run(StartImport::from_environment, StartImport::start).await
}
