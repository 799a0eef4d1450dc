use std::process::ExitCode;

use rollback_import::RollbackImport;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::workflow::run(RollbackImport::from_environment, RollbackImport::roll_back).await
}
