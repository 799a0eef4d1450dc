use std::process::ExitCode;

use control_export::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::http::run(App::from_environment, App::handle).await
}
