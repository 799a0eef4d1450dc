use std::process::ExitCode;

use prepare_object::PrepareObject;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::workflow::run(PrepareObject::from_environment, PrepareObject::prepare).await
}
