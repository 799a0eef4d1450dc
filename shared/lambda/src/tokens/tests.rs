use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::*;

const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

fn keys() -> Keys {
    Keys::new(SECRET).unwrap()
}

/// What becomes of a token; the keys themselves must be there.
pub(super) async fn checked(
    keys: &Keys,
    token: &str,
    expected: TokenType,
    now: Timestamp,
) -> Result<i64, TokenError> {
    match keys.check(token.as_bytes(), expected, now).await {
        Ok(token) => Ok(token.user_id),
        Err(CheckError::Refused(why)) => Err(why),
        Err(CheckError::Keys(error)) => panic!("{error}"),
    }
}

pub(super) fn noon() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

fn signed(header: &Header, claims: &Value, secret: &[u8]) -> String {
    jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(secret)).unwrap()
}

fn claims() -> Value {
    let exp = noon().as_second() + 60;
    json!({"token_type": "access", "exp": exp, "jti": "0", "user_id": 7})
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

#[tokio::test]
async fn a_token_is_good_for_its_time_and_its_type() {
    let keys = keys();
    let access = keys.issue(TokenType::Access, 7, noon()).await.unwrap();
    let check = async |kind, now| checked(&keys, &access, kind, now).await;
    let last_second = noon() + ACCESS_TOKEN_VALID_FOR - SignedDuration::from_secs(1);
    assert_eq!(check(TokenType::Access, noon()).await, Ok(7));
    assert_eq!(check(TokenType::Access, last_second).await, Ok(7));
    let over = noon() + ACCESS_TOKEN_VALID_FOR;
    assert_eq!(
        check(TokenType::Access, over).await,
        Err(TokenError::Invalid)
    );
    assert_eq!(
        check(TokenType::Refresh, noon()).await,
        Err(TokenError::WrongType)
    );
}

#[tokio::test]
async fn a_token_looks_as_clients_expect() {
    let token = keys().issue(TokenType::Refresh, 1, noon()).await.unwrap();
    // {"typ":"JWT","alg":"HS256"}, byte for byte.
    assert!(token.starts_with("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9."));
    let claims = said(&token);
    let names: Vec<_> = claims.as_object().unwrap().keys().collect();
    assert_eq!(names, ["token_type", "exp", "iat", "jti", "user_id"]);
    assert_eq!(claims["exp"], noon().as_second() + 24 * 3600);
    assert_eq!(claims["iat"], noon().as_second());
    let jti = claims["jti"].as_str().unwrap();
    assert!(jti.len() == 32 && jti.bytes().all(|it| it.is_ascii_hexdigit()));
}

fn said(token: &str) -> Value {
    jsonwebtoken::dangerous::insecure_decode(token)
        .unwrap()
        .claims
}

#[tokio::test]
async fn a_family_is_named_after_its_first_token() {
    let keys = keys();
    let now = noon();
    let check = async |token: &str| {
        let checked = keys.check(token.as_bytes(), TokenType::Refresh, now).await;
        checked.unwrap()
    };
    let first = check(&keys.begin_family(7, now).await.unwrap()).await;
    assert_eq!(first.family.as_ref(), Some(&first.jti));
    assert_eq!(first.parent, None);
    let end = now.as_second() + 60;
    let second = check(&keys.succeed(&first, now, end).await.unwrap()).await;
    assert_eq!(second.family, first.family);
    assert_eq!(second.parent.as_ref(), Some(&first.jti));
    assert_eq!((second.user_id, second.expires_at), (7, end));
    assert_ne!(second.jti, first.jti);
    let alone = check(&keys.issue(TokenType::Refresh, 7, now).await.unwrap()).await;
    assert_eq!((alone.family.as_ref(), alone.parent.as_ref()), (None, None));
    assert_eq!(alone.family_id(), alone.jti);
}

/// Tokens of before did not say when they were issued.
#[tokio::test]
async fn a_token_without_its_beginning_counts_from_its_end() {
    let keys = keys();
    let end = noon().as_second() + 60;
    for (word, token_type, lifetime) in [
        ("access", TokenType::Access, 30 * 60),
        ("refresh", TokenType::Refresh, 24 * 3600),
    ] {
        let claims = with("token_type", json!(word));
        let token = signed(&Header::new(Algorithm::HS256), &claims, SECRET);
        let checked = keys
            .check(token.as_bytes(), token_type, noon())
            .await
            .unwrap();
        assert_eq!(checked.issued_at, end - lifetime, "{word}");
    }
    let token = keys.issue(TokenType::Access, 7, noon()).await.unwrap();
    let checked = keys
        .check(token.as_bytes(), TokenType::Access, noon())
        .await;
    assert_eq!(checked.unwrap().issued_at, noon().as_second());
}

#[tokio::test]
async fn what_is_refused() {
    let hs256 = Header::new(Algorithm::HS256);
    let hs512 = Header::new(Algorithm::HS512);
    let ours = |claims: &Value| signed(&hs256, claims, SECRET);
    let good = ours(&claims());
    let none = format!(
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.{}.",
        good.split('.').nth(1).unwrap()
    );
    let other_payload = format!("{}A", good.rsplit_once('.').unwrap().0);
    #[rustfmt::skip]
    let table = [
        ("good", good.clone(), Ok(7)),
        ("nothing", String::new(), Err(TokenError::Invalid)),
        ("no token", "abc".into(), Err(TokenError::Invalid)),
        ("alg none", none, Err(TokenError::Invalid)),
        ("another algorithm", signed(&hs512, &claims(), SECRET), Err(TokenError::Invalid)),
        ("another key", signed(&hs256, &claims(), b"another key, another key, another"), Err(TokenError::Invalid)),
        ("no signature", other_payload, Err(TokenError::Invalid)),
        ("no expiry", ours(&without("exp")), Err(TokenError::Invalid)),
        ("expiry is text", ours(&with("exp", json!("9999999999"))), Err(TokenError::Invalid)),
        ("no id", ours(&without("jti")), Err(TokenError::Invalid)),
        ("no type", ours(&without("token_type")), Err(TokenError::WrongType)),
        ("no user", ours(&without("user_id")), Err(TokenError::NoUser)),
        ("user is text", ours(&with("user_id", json!("7"))), Err(TokenError::Invalid)),
    ];
    for (case, token, expected) in table {
        let found = checked(&keys(), &token, TokenType::Access, noon()).await;
        assert_eq!(found, expected, "{case}");
    }
}

#[test]
fn a_short_secret_signs_nothing() {
    assert!(matches!(Keys::new(b"short"), Err(KeysError::TooShort(32))));
}
