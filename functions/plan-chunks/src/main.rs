use std::process::ExitCode;

use conduct::Fault;
use plan_chunks::PlanChunks;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let by = Fault::name_of;
    lambda::workflow::run_naming(by, PlanChunks::from_environment, PlanChunks::plan).await
}
