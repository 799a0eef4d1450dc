//! The header of a token, as far as it is listened to.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::TokenError;

/// What a header of ours holds, and nothing else: a token that brings a key (`jwk`, `x5c`), an
/// address of one (`jku`, `x5u`) or a demand (`crit`) is none of ours.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    #[serde(rename = "typ")]
    _typ: IgnoredAny,
    /// Compared with that of the key by whoever checks the signature; it chooses nothing.
    #[serde(rename = "alg")]
    _alg: IgnoredAny,
    kid: Option<String>,
}

/// The kid that a token names, if it names one.
///
/// # Errors
/// It is no token, or its header is none of ours.
pub(super) fn kid(token: &[u8]) -> Result<Option<String>, TokenError> {
    let encoded = token.split(|it| *it == b'.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD.decode(encoded);
    let header = header.map_err(|_| TokenError::Invalid)?;
    let header: Header = serde_json::from_slice(&header).map_err(|_| TokenError::Invalid)?;
    Ok(header.kid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_holds_what_ours_hold_and_nothing_else() {
        let encoded = |header: &str| format!("{}.e30.AA", URL_SAFE_NO_PAD.encode(header));
        #[rustfmt::skip]
        let table = [
            (r#"{"typ":"JWT","alg":"HS256"}"#, Ok(None)),
            (r#"{"typ":"JWT","alg":"EdDSA","kid":"k"}"#, Ok(Some("k".to_owned()))),
            (r#"{"kid":"k","alg":"EdDSA","typ":"JWT"}"#, Ok(Some("k".to_owned()))),
            (r#"{"typ":"JWT","alg":"EdDSA","kid":7}"#, Err(TokenError::Invalid)),
            (r#"{"typ":"JWT","alg":"EdDSA","kid":"k","kid":"l"}"#, Err(TokenError::Invalid)),
            (r#"{"typ":"JWT","kid":"k"}"#, Err(TokenError::Invalid)),
            (r#"{"alg":"HS256"}"#, Err(TokenError::Invalid)),
            (r#"{"typ":"JWT","alg":"EdDSA","kid":"k","jwk":{}}"#, Err(TokenError::Invalid)),
            (r#"{"typ":"JWT","alg":"EdDSA","kid":"k","jku":"https://example.com"}"#, Err(TokenError::Invalid)),
            (r#"{"typ":"JWT","alg":"EdDSA","kid":"k","x5u":"https://example.com"}"#, Err(TokenError::Invalid)),
            (r#"{"typ":"JWT","alg":"EdDSA","kid":"k","x5c":[]}"#, Err(TokenError::Invalid)),
            (r#"{"typ":"JWT","alg":"EdDSA","kid":"k","crit":["exp"]}"#, Err(TokenError::Invalid)),
            ("[]", Err(TokenError::Invalid)),
            ("", Err(TokenError::Invalid)),
        ];
        for (header, expected) in table {
            assert_eq!(kid(encoded(header).as_bytes()), expected, "{header}");
        }
        for token in ["", ".", "..", "a b.c.d", "\u{fffd}.e30.AA"] {
            assert_eq!(kid(token.as_bytes()), Err(TokenError::Invalid), "{token}");
        }
    }
}
