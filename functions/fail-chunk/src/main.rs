use std::process::ExitCode;

use fail_chunk::FailChunk;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::workflow::run(FailChunk::from_environment, FailChunk::receive).await
}
