use std::process::ExitCode;

use console::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::http::run(App::from_environment, App::handle).await
}
