//! Whether odd bodies make the function that reads them keep more memory: after each kind, the
//! peak of its process. A body stays below 10 MB, for no larger one gets through the gateway.

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::api::Api;
use crate::environment::required;
use crate::{processes, report};

/// Of each kind, one after the other.
const TIMES: usize = 10;
const MULTIPART: &str = "multipart/form-data; boundary=x";
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A kind of body: what it is, its type, its bytes.
type Kind = (&'static str, &'static str, Vec<u8>);

/// Measures, prints and writes.
pub fn measure() -> Result<()> {
    let api = Api::of_the_stack()?;
    let token = api.token(&api.sign_up()?)?;
    let authorization = format!("Bearer {token}");
    send(
        &api,
        &authorization,
        &(("a file of a byte"), MULTIPART, file(1)),
    )?;
    let upload_file = upload_file()?;
    let mut figures = vec![];
    println!("peak of resident memory of upload-file, {TIMES} of each");
    for kind in kinds() {
        for pid in &upload_file {
            processes::forget_peak(*pid)?;
        }
        let status = send(&api, &authorization, &kind)?;
        let (peak, size) = (peak(&upload_file), kind.2.len());
        println!("  {:<40} {size:>9} bytes  {status}  {peak:>8} KiB", kind.0);
        figures.push(json!({"body": kind.0, "bytes": size, "status": status, "peak_kib": peak}));
    }
    report::write("bodies", &Value::from(figures))
}

/// The processes of the function, which the first request has started.
fn upload_file() -> Result<Vec<i32>> {
    let prefix = format!("{}-UploadFileFunction", required("STACK_NAME")?);
    let functions = processes::functions(&required("AWS_ENDPOINT_URL")?).into_iter();
    let found = functions.filter(|(_, name)| name.starts_with(&prefix));
    let found: Vec<i32> = found.map(|(pid, _)| pid).collect();
    match found.is_empty() {
        true => bail!("no process of upload-file"),
        false => Ok(found),
    }
}

/// The most memory that one of them had resident, in KiB.
fn peak(pids: &[i32]) -> u64 {
    let peaks = pids.iter().filter_map(|it| processes::peak(*it));
    peaks.max().unwrap_or_default() / 1024
}

/// The status they are answered with.
fn send(api: &Api, authorization: &str, kind: &Kind) -> Result<u16> {
    let (_, content_type, body) = kind;
    let headers = [
        ("Authorization", authorization),
        ("Content-Type", *content_type),
    ];
    let mut last = 0;
    for _ in 0..TIMES {
        (last, _) = api.post("/collect/team/", &headers, body)?;
    }
    Ok(last)
}

fn kinds() -> Vec<Kind> {
    let part = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n";
    let long = "a".repeat(1 << 20);
    let named =
        format!("--x\r\nContent-Disposition: form-data; name=\"{long}\"\r\n\r\nb\r\n--x--\r\n");
    let truncated = file(4_000_000);
    let half = truncated[..truncated.len() / 2].to_vec();
    let deep = "[".repeat(50_000) + &"]".repeat(50_000);
    vec![
        ("a file of a byte, first", MULTIPART, file(1)),
        ("a form cut in half", MULTIPART, half),
        (
            "10,000 parts",
            MULTIPART,
            (part.repeat(10_000) + "--x--\r\n").into(),
        ),
        ("a field name of 1 MiB", MULTIPART, named.into()),
        ("10,000 pairs", FORM, "a=b&".repeat(10_000).into()),
        ("JSON 50,000 deep", JSON, deep.into()),
        (
            "JSON that is one text of 4 MB",
            JSON,
            format!("\"{}\"", "a".repeat(4_000_000)).into(),
        ),
        ("a file of 9,000,000 bytes", MULTIPART, file(9_000_000)),
        (
            "the largest file, 4,613,734 bytes",
            MULTIPART,
            file(4_613_734),
        ),
        ("the same again", MULTIPART, file(4_613_734)),
        ("a file of a byte, last", MULTIPART, file(1)),
    ]
}

/// A form with a file of this size.
fn file(size: usize) -> Vec<u8> {
    let head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\n\r\n";
    [head.as_bytes(), &vec![b'x'; size], b"\r\n--x--\r\n"].concat()
}
