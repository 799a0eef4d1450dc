//! What a browser lets the page do: run and look as its own files say, talk to the API that it came
//! from, and send files to the upload bucket. Nothing else may be loaded, and no page may show it in a
//! frame.

use lambda::settings::{self, SettingError};

/// Where URLs that the SDK signs for the upload bucket lead. An endpoint of one's own, such as the
/// local cloud's, has buckets as paths.
pub fn upload_origin() -> Result<String, SettingError> {
    match settings::optional("AWS_ENDPOINT_URL") {
        Some(url) => Ok(origin(&url)),
        None => settings::required("UPLOAD_ORIGIN"),
    }
}

/// The policy of a page that may send files to this origin.
pub fn sending_to(origin: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self' {origin}; form-action 'self'; base-uri 'self'; frame-ancestors 'none'"
    )
}

/// `http://localhost:4566` of `http://localhost:4566/some/path`
fn origin(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_of_an_address() {
        for url in [
            "http://localhost:4566",
            "http://localhost:4566/",
            "http://localhost:4566/a?b",
        ] {
            assert_eq!(origin(url), "http://localhost:4566");
        }
    }

    #[test]
    fn no_script_but_its_own_and_no_frame() {
        let policy = sending_to("https://bucket.s3.eu-west-1.amazonaws.com");
        for part in [
            "default-src 'none'",
            "script-src 'self';",
            "style-src 'self';",
            "connect-src 'self' https://bucket.s3.eu-west-1.amazonaws.com;",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{part}");
        }
        assert!(!policy.contains("unsafe"));
    }
}
