use std::process::ExitCode;

use reconcile::Reconcile;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::workflow::run(Reconcile::from_environment, Reconcile::reconcile).await
}
