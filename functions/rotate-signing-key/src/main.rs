use std::process::ExitCode;

use rotate_signing_key::RotateSigningKey;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::workflow::run(RotateSigningKey::from_environment, RotateSigningKey::handle).await
}
