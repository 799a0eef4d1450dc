//! Keys of a key ring: who signs, who checks, what is refused, and how often is read.

mod confusion;
mod stages;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aws::secrets::Version;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::key_ring::{Ending, PublicKey};
use domain::limits::{
    OLD_SIGNING_KEY_KEPT_FOR, REFRESH_TOKEN_VALID_FOR, SIGNING_KEYS_READ_AGAIN_AFTER,
    UNKNOWN_KID_READ_AGAIN_AFTER,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::super::tests::{checked, noon};
use super::*;

const ISSUER: &str = "collect";
const FIRST: &str = "0000000000000000000000000000000a";
const SECOND: &str = "0000000000000000000000000000000b";
const NOBODYS: &str = "0000000000000000000000000000000c";

/// A signing key with both halves.
struct Pair {
    kid: &'static str,
    pem: String,
    x: String,
    raw: Vec<u8>,
}

impl Pair {
    fn new(kid: &'static str) -> Self {
        let pair = Ed25519KeyPair::generate().unwrap();
        let der = STANDARD.encode(pair.to_pkcs8v1().unwrap());
        let raw = pair.public_key().as_ref().to_vec();
        Self {
            kid,
            pem: format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n"),
            x: URL_SAFE_NO_PAD.encode(&raw),
            raw,
        }
    }

    fn public(&self) -> PublicKey {
        PublicKey {
            kid: self.kid.to_owned(),
            x: self.x.clone(),
            made_at: noon(),
            ends_at: None,
        }
    }
}

/// What the stack keeps: the key ring, and the secret that signs. Either may be out of reach.
#[derive(Default)]
struct Stack {
    ring: Mutex<Option<KeyRing>>,
    secret: Mutex<Option<(String, String)>>,
    ring_reads: AtomicUsize,
}

impl Stack {
    /// One whose keys these are; the last one signs.
    fn with(pairs: &[&Pair]) -> Arc<Self> {
        let stack = Arc::new(Self::default());
        let ring = KeyRing {
            keys: pairs.iter().map(|it| it.public()).collect(),
            rotating_until: None,
        };
        *stack.ring.lock().unwrap() = Some(ring);
        stack.signs_with(pairs.last());
        stack
    }

    fn signs_with(&self, pair: Option<&&Pair>) {
        let version = pair.map(|it| (it.kid.to_owned(), it.pem.clone()));
        *self.secret.lock().unwrap() = version;
    }

    /// Adds a key and ends the others, as a rotation does.
    fn rotates_to(&self, pair: &Pair, now: Timestamp, ending: Ending) {
        let mut ring = self.ring.lock().unwrap();
        let ring = ring.as_mut().unwrap();
        assert!(ring.begin(pair.public(), now));
        self.signs_with(Some(&pair));
        ring.settle(pair.kid, now, ending);
    }

    fn ring_reads(&self) -> usize {
        self.ring_reads.load(Ordering::Relaxed)
    }

    /// The keys of a function that checks.
    fn checking(self: &Arc<Self>) -> Keys {
        let stack = Arc::clone(self);
        let read = move || {
            stack.ring_reads.fetch_add(1, Ordering::Relaxed);
            let ring = stack.ring.lock().unwrap().clone();
            Box::pin(async move { ring.ok_or_else(out_of_reach) }) as _
        };
        Keys::of(ISSUER.to_owned(), Box::new(read))
    }

    /// The keys of `auth`.
    fn signing(self: &Arc<Self>) -> Keys {
        let stack = Arc::clone(self);
        let read = move || {
            let version = stack.secret.lock().unwrap().clone();
            let version = version.map(|(id, text)| Version { id, text });
            Box::pin(async move { version.ok_or_else(out_of_reach) }) as _
        };
        let mut keys = self.checking();
        keys.signer = Signer::EdDsa(SigningKey::new(Box::new(read)));
        keys
    }
}

fn out_of_reach() -> aws::Error {
    aws::Error::new("reading", std::io::Error::other("out of reach"))
}

fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

async fn access(keys: &Keys, now: Timestamp) -> String {
    keys.issue(TokenType::Access, 7, now).await.unwrap()
}

async fn check(keys: &Keys, token: &str, now: Timestamp) -> Result<i64, TokenError> {
    checked(keys, token, TokenType::Access, now).await
}

/// The kid in a token's header.
fn kid_of(token: &str) -> String {
    super::super::header::kid(token.as_bytes())
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn what_auth_signs_every_function_checks() {
    let stack = Stack::with(&[&Pair::new(FIRST)]);
    let token = access(&stack.signing(), noon()).await;
    let parts: Vec<&str> = token.split('.').collect();
    let part = |it: usize| -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[it]).unwrap()).unwrap()
    };
    assert_eq!(part(0), json!({"typ": "JWT", "alg": "EdDSA", "kid": FIRST}));
    let claims = part(1);
    let names: Vec<&String> = claims.as_object().unwrap().keys().collect();
    assert_eq!(names, ["token_type", "exp", "iat", "jti", "user_id", "iss"]);
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(check(&stack.checking(), &token, noon()).await, Ok(7));
    let refresh = checked(&stack.checking(), &token, TokenType::Refresh, noon()).await;
    assert_eq!(refresh, Err(TokenError::WrongType));
}

#[tokio::test]
async fn who_checks_cannot_sign() {
    let stack = Stack::with(&[&Pair::new(FIRST)]);
    let refused = stack.checking().issue(TokenType::Access, 7, noon()).await;
    assert!(matches!(refused, Err(KeysError::NotSigning)));
}

#[tokio::test]
async fn a_rotation_is_noticed_within_a_minute_and_refuses_nobody() {
    let (first, second) = (Pair::new(FIRST), Pair::new(SECOND));
    let stack = Stack::with(&[&first]);
    let (auth, other) = (stack.signing(), stack.checking());
    let old = auth.issue(TokenType::Refresh, 7, noon()).await.unwrap();
    let refresh = async |now| checked(&other, &old, TokenType::Refresh, now).await;
    assert_eq!(refresh(noon()).await, Ok(7));
    stack.rotates_to(&second, noon(), Ending::WithItsTokens);
    // It may sign with the old key until it reads again.
    let just_before = noon() + SIGNING_KEYS_READ_AGAIN_AFTER - seconds(1);
    let last = auth
        .issue(TokenType::Refresh, 7, just_before)
        .await
        .unwrap();
    assert_eq!(kid_of(&last), FIRST);
    let after = noon() + SIGNING_KEYS_READ_AGAIN_AFTER;
    let new = access(&auth, after).await;
    assert_eq!(kid_of(&new), SECOND);
    assert_eq!(check(&other, &new, after).await, Ok(7));
    // Every token lives to its end, that last one too.
    let end = just_before + REFRESH_TOKEN_VALID_FOR - seconds(1);
    assert_eq!(checked(&other, &last, TokenType::Refresh, end).await, Ok(7));
    let old_end = noon() + REFRESH_TOKEN_VALID_FOR - seconds(1);
    assert_eq!(refresh(old_end).await, Ok(7));
}

#[tokio::test]
async fn a_key_that_signs_no_more_is_refused_once_its_tokens_are_over() {
    let (first, second) = (Pair::new(FIRST), Pair::new(SECOND));
    let stack = Stack::with(&[&first]);
    stack.rotates_to(&second, noon(), Ending::WithItsTokens);
    let keys = stack.checking();
    let end = noon() + OLD_SIGNING_KEY_KEPT_FOR;
    // Whoever has the key can make one with any end.
    let forged = confusion::by(&first, &confusion::claims(ISSUER, end + seconds(3600)));
    assert_eq!(check(&keys, &forged, end - seconds(1)).await, Ok(7));
    assert_eq!(check(&keys, &forged, end).await, Err(TokenError::Invalid));
}

#[tokio::test]
async fn a_key_that_others_know_is_refused_within_a_minute() {
    let (first, second) = (Pair::new(FIRST), Pair::new(SECOND));
    let stack = Stack::with(&[&first]);
    let (auth, other) = (stack.signing(), stack.checking());
    let old = access(&auth, noon()).await;
    assert_eq!(check(&other, &old, noon()).await, Ok(7));
    stack.rotates_to(&second, noon(), Ending::AtOnce);
    let after = noon() + SIGNING_KEYS_READ_AGAIN_AFTER;
    assert_eq!(check(&other, &old, after).await, Err(TokenError::Invalid));
    let new = access(&auth, after).await;
    assert_eq!(kid_of(&new), SECOND);
    assert_eq!(check(&other, &new, after).await, Ok(7));
}

/// `auth` learns from a token that the ring has changed, and then signs with no key that has ended.
#[tokio::test]
async fn a_key_that_has_ended_signs_nothing() {
    let (first, second) = (Pair::new(FIRST), Pair::new(SECOND));
    let stack = Stack::with(&[&first]);
    let auth = stack.signing();
    access(&auth, noon()).await;
    stack.rotates_to(&second, noon(), Ending::AtOnce);
    let now = noon() + UNKNOWN_KID_READ_AGAIN_AFTER;
    let elsewhere = access(&stack.signing(), now).await;
    assert_eq!(check(&auth, &elsewhere, now).await, Ok(7));
    assert_eq!(kid_of(&access(&auth, now).await), SECOND);
}

#[tokio::test]
async fn kids_that_were_made_up_cost_a_read_in_ten_seconds_and_hide_no_key() {
    let (first, second) = (Pair::new(FIRST), Pair::new(SECOND));
    let stack = Stack::with(&[&first]);
    let (auth, other) = (stack.signing(), stack.checking());
    let good = access(&auth, noon()).await;
    let made_up = confusion::by(&Pair::new(NOBODYS), &confusion::claims(ISSUER, noon()));
    let before = stack.ring_reads();
    for millisecond in 0..100 {
        let now = noon() + SignedDuration::from_millis(millisecond * 90);
        assert_eq!(check(&other, &made_up, now).await, Err(TokenError::Invalid));
        assert_eq!(check(&other, &good, now).await, Ok(7));
    }
    assert_eq!(stack.ring_reads(), before + 1);
    // The read for a kid that was made up brings the new key as well.
    stack.rotates_to(&second, noon(), Ending::WithItsTokens);
    let now = noon() + UNKNOWN_KID_READ_AGAIN_AFTER;
    let new = access(&stack.signing(), now).await;
    let before = stack.ring_reads();
    assert_eq!(check(&other, &made_up, now).await, Err(TokenError::Invalid));
    assert_eq!(check(&other, &new, now).await, Ok(7));
    assert_eq!(stack.ring_reads(), before + 1);
}

#[tokio::test]
async fn a_known_key_costs_a_read_a_minute() {
    let stack = Stack::with(&[&Pair::new(FIRST)]);
    let other = stack.checking();
    let token = access(&stack.signing(), noon()).await;
    let before = stack.ring_reads();
    for second in 0..120 {
        let now = noon() + seconds(second);
        assert_eq!(check(&other, &token, now).await, Ok(7));
    }
    assert_eq!(stack.ring_reads(), before + 2);
    // A clock that is set back reads again, and does not wait for the time it was set back by.
    let earlier = noon() - seconds(3600);
    assert_eq!(check(&other, &token, earlier).await, Ok(7));
    assert_eq!(stack.ring_reads(), before + 3);
}

/// A 401 would end the session of a client.
#[tokio::test]
async fn a_ring_out_of_reach_refuses_no_token() {
    let stack = Stack::with(&[&Pair::new(FIRST)]);
    let token = access(&stack.signing(), noon()).await;
    *stack.ring.lock().unwrap() = None;
    let answer = stack.checking();
    let answer = answer.check(token.as_bytes(), TokenType::Access, noon());
    assert!(matches!(
        answer.await,
        Err(CheckError::Keys(KeysError::Ring(_)))
    ));
}

#[tokio::test]
async fn nothing_is_signed_with_a_key_that_nobody_knows() {
    let (first, other) = (Pair::new(FIRST), Pair::new(FIRST));
    let stack = Stack::with(&[&first]);
    // The kid of the ring, but another key.
    stack.signs_with(Some(&&other));
    let refused = stack.signing().issue(TokenType::Access, 7, noon()).await;
    assert!(matches!(refused, Err(KeysError::NotInRing { kid }) if kid == FIRST));
    stack.signs_with(Some(&&Pair::new(SECOND)));
    let refused = stack.signing().issue(TokenType::Access, 7, noon()).await;
    assert!(matches!(refused, Err(KeysError::NotInRing { kid }) if kid == SECOND));
}

#[tokio::test]
async fn a_secret_out_of_reach_ends_no_sign_in_while_its_key_is_accepted() {
    let (first, second) = (Pair::new(FIRST), Pair::new(SECOND));
    let stack = Stack::with(&[&first]);
    let auth = stack.signing();
    access(&auth, noon()).await;
    stack.signs_with(None);
    let later = noon() + seconds(3600);
    let token = access(&auth, later).await;
    assert_eq!(check(&stack.checking(), &token, later).await, Ok(7));
    // Not with one that has ended, and not at the first time.
    stack.rotates_to(&second, later, Ending::AtOnce);
    stack.signs_with(None);
    let ended = auth.issue(TokenType::Access, 7, later + seconds(60)).await;
    assert!(matches!(ended, Err(KeysError::NotInRing { .. })));
    let first_time = stack.signing().issue(TokenType::Access, 7, later).await;
    assert!(matches!(first_time, Err(KeysError::SigningKey(_))));
}

#[tokio::test]
async fn what_is_no_signing_key_is_not_quoted() {
    let pair = Pair::new(FIRST);
    let stack = Stack::with(&[&pair]);
    for text in [
        "",
        "a secret of HS256 that is long enough",
        &pair.pem[..80],
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ] {
        *stack.secret.lock().unwrap() = Some((FIRST.to_owned(), text.to_owned()));
        let refused = stack.signing().issue(TokenType::Access, 7, noon()).await;
        let error = refused.unwrap_err();
        assert!(matches!(error, KeysError::Shape), "{text}");
        assert_eq!(
            error.to_string(),
            "the signing key is not PKCS#8 of Ed25519 in PEM"
        );
    }
}
