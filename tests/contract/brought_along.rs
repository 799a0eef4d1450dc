//! A token that says itself how it is to be checked.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;

use crate::fixture::client::{User, ask};

const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

#[test]
fn a_key_that_a_token_brings_along_counts_for_nothing() {
    let user = User::new();
    let claims = json!({
        "token_type": "access", "exp": 4_102_444_800_i64, "jti": "0", "user_id": user.id,
    });
    let key = EncodingKey::from_secret(KEY);
    let plain = || Header::new(Algorithm::HS256);
    let address = || Some("https://example.com/keys".to_owned());
    let headers = [
        plain(),
        Header {
            jwk: Some(Jwk::from_encoding_key(&key, Algorithm::HS256).unwrap()),
            ..plain()
        },
        Header {
            jku: address(),
            ..plain()
        },
        Header {
            x5u: address(),
            ..plain()
        },
        Header {
            kid: Some("../../dev/null".to_owned()),
            ..plain()
        },
    ];
    for header in headers {
        let token = encode(&header, &claims, &key).unwrap();
        let bearer = format!("Bearer {token}");
        let headers = [("Authorization", bearer.as_str())];
        let answer = ask("GET", "/collect/team/", &headers, None).expect(401);
        assert_eq!(answer["code"], "token_not_valid", "{header:?}");
    }
}
