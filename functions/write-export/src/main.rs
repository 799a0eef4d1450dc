use std::sync::Arc;

use aws::objects::Objects;
use conduct::ExportConductor;
use domain::limits::LONG_FUNCTION_BUDGET;
use write_export::WriteExport;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Failure> {
    let config = aws::config().await;
    let database = Arc::new(lambda::database("write-export", &config).await?);
    let objects = Objects::new(&config, lambda::settings::required("UPLOAD_BUCKET")?);
    let conductor = ExportConductor::from_environment(&config, database.clone(), objects.clone())?;
    let days = lambda::settings::parsed("EXPORT_DAYS")?;
    let work = WriteExport::new(database, conductor, objects, days, LONG_FUNCTION_BUDGET);
    lambda::workflow::run(|run| work.write(run)).await
}
