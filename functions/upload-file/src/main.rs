use upload_file::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Failure> {
    lambda::telemetry::init();
    let app = App::from_environment().await?;
    lambda::http::run(|request| app.handle(request)).await
}
