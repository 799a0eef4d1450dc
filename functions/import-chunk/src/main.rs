use std::process::ExitCode;

use import_chunk::ImportChunk;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::workflow::run(ImportChunk::from_environment, ImportChunk::receive).await
}
