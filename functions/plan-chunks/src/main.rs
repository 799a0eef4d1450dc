use std::process::ExitCode;

use plan_chunks::PlanChunks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::workflow::run(PlanChunks::from_environment, PlanChunks::plan).await
}
