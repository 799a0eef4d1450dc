use std::process::ExitCode;

use conduct::Fault;
use prepare_object::PrepareObject;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let by = Fault::name_of;
    lambda::workflow::run_naming(by, PrepareObject::from_environment, PrepareObject::prepare).await
}
