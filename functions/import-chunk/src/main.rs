use std::sync::Arc;

use aws::objects::Objects;
use aws::queue::ChunkQueue;
use conduct::Conductor;
use import_chunk::ImportChunk;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Failure> {
    let config = aws::config().await;
    let database = Arc::new(lambda::database("import-chunk", &config).await?);
    let conductor = Conductor::from_environment(&config, database.clone())?;
    let objects = Objects::new(&config, lambda::settings::required("UPLOAD_BUCKET")?);
    let queue = ChunkQueue::new(&config, lambda::settings::required("CHUNK_QUEUE_URL")?);
    let work = ImportChunk::new(database, conductor, objects, queue);
    lambda::workflow::run(|event| work.receive(event)).await
}
