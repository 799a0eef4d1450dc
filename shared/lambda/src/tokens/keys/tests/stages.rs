//! From HS256 to EdDSA, stage by stage. In each, the code and the settings of the stage before still
//! run somewhere: a deploy changes one function after the other.

use super::*;

const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

/// The check of the versions that know HS256 alone.
mod before {
    use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
    use serde_json::{Value, json};

    use super::super::{Timestamp, seconds};
    use super::SECRET;

    pub fn check(token: &str) -> Option<i64> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.validate_exp = false;
        rules.leeway = 0;
        let key = DecodingKey::from_secret(SECRET);
        let claims = jsonwebtoken::decode::<Value>(token, &key, &rules);
        claims.ok()?.claims["user_id"].as_i64()
    }

    pub fn sign(token_type: &str, now: Timestamp) -> String {
        let exp = (now + seconds(1800)).as_second();
        let claims = json!({"token_type": token_type, "exp": exp, "jti": "0", "user_id": 7});
        let key = EncodingKey::from_secret(SECRET);
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap()
    }
}

fn hs256(keys: Keys, takes: Takes) -> Keys {
    Keys {
        hs256: Some(Hs256::new(SECRET, takes).unwrap()),
        ..keys
    }
}

/// The keys of `auth` and of another function in each stage.
struct Staged {
    auth: Keys,
    other: Keys,
}

impl Staged {
    /// SignWith=HS256.
    fn one(stack: &Arc<Stack>) -> Self {
        let auth = hs256(stack.checking(), Takes::Both);
        Self {
            auth: Keys {
                signer: Signer::Hs256,
                ..auth
            },
            other: hs256(stack.checking(), Takes::Both),
        }
    }

    /// SignWith=EdDSA, CheckHs256=everyone.
    fn two(stack: &Arc<Stack>) -> Self {
        Self {
            auth: hs256(stack.signing(), Takes::Both),
            other: hs256(stack.checking(), Takes::Both),
        }
    }

    /// SignWith=EdDSA, CheckHs256=auth.
    fn three(stack: &Arc<Stack>) -> Self {
        Self {
            auth: hs256(stack.signing(), Takes::RefreshOnly),
            other: stack.checking(),
        }
    }

    /// SignWith=EdDSA, CheckHs256=nobody.
    fn four(stack: &Arc<Stack>) -> Self {
        Self {
            auth: stack.signing(),
            other: stack.checking(),
        }
    }
}

/// Tokens of the version before, and of `auth` in this stage.
async fn tokens(auth: &Keys) -> [String; 4] {
    let issue = async |kind| auth.issue(kind, 7, noon()).await.unwrap();
    [
        before::sign("access", noon()),
        before::sign("refresh", noon()),
        issue(TokenType::Access).await,
        issue(TokenType::Refresh).await,
    ]
}

/// Whether access and refresh tokens, of the version before and of this stage, are taken.
async fn taken(keys: &Keys, tokens: &[String; 4]) -> [bool; 4] {
    let takes = async |token: &str, kind| checked(keys, token, kind, noon()).await == Ok(7);
    [
        takes(&tokens[0], TokenType::Access).await,
        takes(&tokens[1], TokenType::Refresh).await,
        takes(&tokens[2], TokenType::Access).await,
        takes(&tokens[3], TokenType::Refresh).await,
    ]
}

#[tokio::test]
async fn old_and_new_code_take_each_others_tokens_in_the_first_stage() {
    let stack = Stack::with(&[&Pair::new(FIRST)]);
    let stage = Staged::one(&stack);
    let tokens = tokens(&stage.auth).await;
    for token in &tokens {
        assert_eq!(before::check(token), Some(7));
    }
    assert_eq!(taken(&stage.auth, &tokens).await, [true; 4]);
    assert_eq!(taken(&stage.other, &tokens).await, [true; 4]);
}

/// Any function may be in the next stage already, or in the one before still.
#[tokio::test]
async fn neighbouring_stages_take_each_others_tokens() {
    let stack = Stack::with(&[&Pair::new(FIRST)]);
    let (one, two) = (Staged::one(&stack), Staged::two(&stack));
    for auth in [&one.auth, &two.auth] {
        let tokens = tokens(auth).await;
        for keys in [&one.auth, &one.other, &two.auth, &two.other] {
            assert_eq!(taken(keys, &tokens).await, [true; 4]);
        }
    }
    // In the stages after, the tokens of HS256 die out, and those of EdDSA are taken everywhere.
    let (three, four) = (Staged::three(&stack), Staged::four(&stack));
    for auth in [&two.auth, &three.auth, &four.auth] {
        let tokens = tokens(auth).await;
        let (all, refresh, none) = (
            [true; 4],
            [false, true, true, true],
            [false, false, true, true],
        );
        for (keys, expected) in [
            (&two.auth, all),
            (&two.other, all),
            (&three.auth, refresh),
            (&three.other, none),
            (&four.auth, none),
            (&four.other, none),
        ] {
            assert_eq!(taken(keys, &tokens).await, expected);
        }
    }
}

/// Why there are two stages: the version before knows no EdDSA.
#[tokio::test]
async fn the_version_before_refuses_eddsa() {
    let stack = Stack::with(&[&Pair::new(FIRST)]);
    let tokens = tokens(&Staged::two(&stack).auth).await;
    assert_eq!(before::check(&tokens[2]), None);
    assert_eq!(before::check(&tokens[3]), None);
}
