use std::process::Command;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};

use super::*;
use crate::SdkConfig;

/// As Lambda sets them: with both of them the SDK sends the trace of the call along, unsigned.
const OF_LAMBDA: [(&str, &str); 2] = [
    ("AWS_LAMBDA_FUNCTION_NAME", "collect-UploadFileFunction"),
    (
        "_X_AMZN_TRACE_ID",
        "Root=1-5759e988-bd862e3fe1be46a994272793",
    ),
];

fn objects() -> Objects {
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "tests");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    Objects::new(&config, "bucket".to_owned())
}

/// A process has one environment for all its tests: this one starts itself again in a process of its
/// own.
#[test]
fn an_upload_is_told_the_signed_headers_and_nothing_of_lambdas_trace() {
    let in_lambda = |(name, value): (&str, &str)| std::env::var(name).as_deref() == Ok(value);
    if OF_LAMBDA.into_iter().all(in_lambda) {
        return look_at_the_headers();
    }
    let module = module_path!().split_once("::").unwrap().1;
    let name =
        format!("{module}::an_upload_is_told_the_signed_headers_and_nothing_of_lambdas_trace");
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &name])
        .envs(OF_LAMBDA)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::main(flavor = "current_thread")]
async fn look_at_the_headers() {
    let valid = Duration::from_secs(900);
    let signed = objects().presign_put("uploads/x.csv", 7, valid).await;
    let headers = signed.unwrap().headers;
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(headers, [("content-length", "7"), ("if-none-match", "*")]);
}
