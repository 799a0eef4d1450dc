use std::process::ExitCode;

use migrate_database::MigrateDatabase;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::workflow::run(MigrateDatabase::from_environment, MigrateDatabase::migrate).await
}
