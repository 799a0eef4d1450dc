//! Tokens that want to be checked with something else than the key of their kid.

use jsonwebtoken::{EncodingKey, Header};

use super::*;

pub(super) fn claims(issuer: &str, exp: Timestamp) -> Value {
    let exp = exp.as_second();
    json!({"token_type": "access", "exp": exp, "jti": "0", "user_id": 7, "iss": issuer})
}

/// A header with these members, and no other.
fn header(members: &Value) -> String {
    URL_SAFE_NO_PAD.encode(members.to_string())
}

/// Header and claims, to be signed.
fn message(members: &Value, claims: &Value) -> String {
    let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
    format!("{}.{claims}", header(members))
}

fn signed(members: &Value, claims: &Value, key: &EncodingKey, by: Algorithm) -> String {
    let message = message(members, claims);
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, by).unwrap();
    format!("{message}.{signature}")
}

fn private(pair: &super::Pair) -> EncodingKey {
    EncodingKey::from_ed_pem(pair.pem.as_bytes()).unwrap()
}

/// As `auth` would sign it, whatever the claims are.
pub(super) fn by(pair: &super::Pair, claims: &Value) -> String {
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(pair.kid.to_owned());
    jsonwebtoken::encode(&header, claims, &private(pair)).unwrap()
}

/// What is wrong with a token, and the token.
type Case = (String, String);

fn case(name: &str, token: String) -> Case {
    (name.to_owned(), token)
}

/// The public half is known to everyone: as a secret of HS256 it signs nothing.
fn by_the_public_half(pair: &super::Pair, claims: &Value) -> Vec<Case> {
    let pem = public_pem(pair);
    let secrets = [
        ("raw", pair.raw.clone()),
        ("base64url", pair.x.clone().into_bytes()),
        ("PEM", pem.clone().into_bytes()),
        ("PEM, trimmed", pem.trim().as_bytes().to_vec()),
    ];
    let mut cases = Vec::new();
    for (form, secret) in secrets {
        let key = EncodingKey::from_secret(&secret);
        for (alg, by) in [
            ("HS256", Algorithm::HS256),
            ("HS384", Algorithm::HS384),
            ("HS512", Algorithm::HS512),
        ] {
            let with_kid = json!({"typ": "JWT", "alg": alg, "kid": pair.kid});
            let without = json!({"typ": "JWT", "alg": alg});
            let named_eddsa = json!({"typ": "JWT", "alg": "EdDSA", "kid": pair.kid});
            for (how, members) in [
                ("with kid", with_kid),
                ("without kid", without),
                ("named EdDSA", named_eddsa),
            ] {
                let token = signed(&members, claims, &key, by);
                cases.push((format!("{alg} by the public half, {form}, {how}"), token));
            }
        }
    }
    cases
}

/// SubjectPublicKeyInfo of an Ed25519 key: its fixed beginning, and the key.
fn public_pem(pair: &super::Pair) -> String {
    const START: [u8; 12] = [
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ];
    let der = STANDARD.encode([&START[..], &pair.raw].concat());
    format!("-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----\n")
}

fn unsigned(pair: &super::Pair, claims: &Value) -> Vec<Case> {
    let spellings = ["none", "None", "NONE", "nOnE", ""];
    let mut cases = Vec::new();
    for alg in spellings {
        for members in [
            json!({"typ": "JWT", "alg": alg, "kid": pair.kid}),
            json!({"typ": "JWT", "alg": alg}),
        ] {
            let message = message(&members, claims);
            cases.push((format!("alg {alg:?} {members}"), format!("{message}.")));
        }
    }
    let members = json!({"typ": "JWT", "alg": "EdDSA", "kid": pair.kid});
    let message = message(&members, claims);
    let good = signed(&members, claims, &private(pair), Algorithm::EdDSA);
    let signature = good.rsplit('.').next().unwrap();
    let zeros = URL_SAFE_NO_PAD.encode([0; 64]);
    cases.extend([
        case("no signature", format!("{message}.")),
        case("no third part", message.clone()),
        case("a signature of zeros", format!("{message}.{zeros}")),
        case("a signature cut short", good[..good.len() - 4].to_owned()),
        case("four parts", format!("{good}.{signature}")),
        case("the good one with a space", format!("{good} ")),
    ]);
    cases
}

/// Kids that are none, that belong to others, or that are no text at all.
fn by_other_kids(ours: &super::Pair, foreign: &super::Pair, claims: &Value) -> Vec<Case> {
    let long = "a".repeat(100_000);
    let kids = [
        json!(""),
        json!(null),
        json!(7),
        json!([ours.kid]),
        json!("../../../../dev/null"),
        json!("KEY#ring"),
        json!("ring"),
        json!("USER#1"),
        json!(format!("{} ", ours.kid)),
        json!(format!("{}\0", ours.kid)),
        json!(ours.kid.to_uppercase()),
        json!("' UNION SELECT 'AAAA' --"),
        json!("$(id)|| id"),
        json!("https://example.com/jwks.json"),
        json!(long),
        json!(SECOND),
        json!(NOBODYS),
    ];
    let mut cases = Vec::new();
    for kid in kids {
        let name = kid.to_string().chars().take(60).collect::<String>();
        let members = json!({"typ": "JWT", "alg": "EdDSA", "kid": kid});
        for (whose, pair) in [("ours", ours), ("foreign", foreign)] {
            let token = signed(&members, claims, &private(pair), Algorithm::EdDSA);
            cases.push((format!("kid {name} by the {whose} key"), token));
        }
    }
    cases.push(case("our kid by a foreign key", by(foreign, claims)));
    cases
}

/// A header that brings what it wants to be checked with, signed with that key.
fn bringing_a_key(ours: &super::Pair, foreign: &super::Pair, claims: &Value) -> Vec<Case> {
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": foreign.x, "kid": ours.kid});
    let brought = [
        ("jwk", jwk),
        ("jku", json!("https://example.com/jwks.json")),
        ("x5u", json!("https://example.com/cert.pem")),
        ("x5c", json!([STANDARD.encode(&foreign.raw)])),
        ("x5t", json!("AAAA")),
        ("crit", json!(["exp"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
    ];
    let mut cases = Vec::new();
    for (name, value) in brought {
        let mut members = json!({"typ": "JWT", "alg": "EdDSA", "kid": ours.kid});
        members[name] = value;
        for (whose, pair) in [("ours", ours), ("the foreign", foreign)] {
            let token = signed(&members, claims, &private(pair), Algorithm::EdDSA);
            cases.push((format!("{name}, signed by {whose} key"), token));
        }
    }
    cases
}

fn of_other_stacks(pair: &super::Pair) -> Vec<Case> {
    let exp = noon() + seconds(60);
    let mut without = claims("", exp);
    without.as_object_mut().unwrap().remove("iss");
    let mut number = claims("", exp);
    number["iss"] = json!(7);
    let mut with_audience = claims(ISSUER, exp);
    with_audience["aud"] = json!("others");
    vec![
        case("another issuer", by(pair, &claims("collect-2", exp))),
        case("an empty issuer", by(pair, &claims("", exp))),
        case("no issuer", by(pair, &without)),
        case("an issuer that is a number", by(pair, &number)),
        case("an audience", by(pair, &with_audience)),
    ]
}

#[tokio::test]
async fn nothing_but_the_key_of_its_kid_makes_a_token_good() {
    let (ours, second) = (super::Pair::new(FIRST), super::Pair::new(SECOND));
    let foreign = super::Pair::new(FIRST);
    let claims = claims(ISSUER, noon() + seconds(60));
    let cases = [
        by_the_public_half(&ours, &claims),
        unsigned(&ours, &claims),
        by_other_kids(&ours, &foreign, &claims),
        bringing_a_key(&ours, &foreign, &claims),
        of_other_stacks(&ours),
    ];
    let stack = Stack::with(&[&second, &ours]);
    let with_secret = with_hs256(&stack);
    for keys in [stack.checking(), stack.signing(), with_secret] {
        let good = by(&ours, &claims);
        assert_eq!(check(&keys, &good, noon()).await, Ok(7));
        for (case, token) in cases.iter().flatten() {
            let found = check(&keys, token, noon()).await;
            assert_eq!(found, Err(TokenError::Invalid), "{case}");
        }
    }
    assert!(cases.iter().map(Vec::len).sum::<usize>() > 100);
}

const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

fn with_hs256(stack: &Arc<Stack>) -> Keys {
    let mut keys = stack.checking();
    keys.hs256 = Some(Hs256::new(SECRET, Takes::Both).unwrap());
    keys
}

/// While both are checked, a secret of HS256 is good for tokens without a kid alone.
#[tokio::test]
async fn the_secret_of_hs256_makes_no_token_with_a_kid_good() {
    let ours = super::Pair::new(FIRST);
    let claims = claims(ISSUER, noon() + seconds(60));
    let keys = with_hs256(&Stack::with(&[&ours]));
    let secret = EncodingKey::from_secret(SECRET);
    let by_secret = |members: Value| signed(&members, &claims, &secret, Algorithm::HS256);
    let good = by_secret(json!({"typ": "JWT", "alg": "HS256"}));
    assert_eq!(check(&keys, &good, noon()).await, Ok(7));
    for members in [
        json!({"typ": "JWT", "alg": "HS256", "kid": FIRST}),
        json!({"typ": "JWT", "alg": "HS256", "kid": ""}),
        json!({"typ": "JWT", "alg": "HS256", "kid": NOBODYS}),
        json!({"typ": "JWT", "alg": "EdDSA"}),
        json!({"typ": "JWT", "alg": "EdDSA", "kid": FIRST}),
        json!({"typ": "JWT", "alg": "HS256", "jku": "https://example.com"}),
    ] {
        let found = check(&keys, &by_secret(members.clone()), noon()).await;
        assert_eq!(found, Err(TokenError::Invalid), "{members}");
    }
    // EdDSA without a kid is checked with the secret, and is no HS256.
    let members = json!({"typ": "JWT", "alg": "EdDSA"});
    let token = signed(&members, &claims, &private(&ours), Algorithm::EdDSA);
    assert_eq!(check(&keys, &token, noon()).await, Err(TokenError::Invalid));
}
