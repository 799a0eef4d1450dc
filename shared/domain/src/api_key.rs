//! API keys: how they are written, what is kept of them, and whether one that is sent is good.
//!
//! A key is `ck_{user}_{number}_{secret}{check}`: the id of its user, its number among the keys of
//! that user, 32 random bytes and a CRC-32 of all of this, both in hexadecimal. The check lets a
//! search for leaked secrets be sure of what it found, and tells a key that was cut short from one
//! that was revoked. Of the whole text a SHA-256 is kept: what it hides is random, so a slower hash
//! would protect nothing more.

use crc_fast::{CrcAlgorithm, checksum};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};
use subtle::ConstantTimeEq as _;

/// What every key begins with.
pub const PREFIX: &str = "ck_";

/// Bytes of a key's secret.
pub const SECRET_BYTES: usize = 32;

/// Characters of the secret, and of the check after it.
const SECRET_CHARS: usize = 2 * SECRET_BYTES;
const CHECK_CHARS: usize = 8;

/// What a key may be used for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum KeyAccess {
    /// To read, and nothing else.
    Read,
    /// For all that its user may do, except what needs an access token.
    Write,
}

impl KeyAccess {
    /// Both.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}

/// The SHA-256 of a key's text, in hexadecimal. Two are compared in constant time.
#[derive(Clone, Debug, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// Of this key.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(hexadecimal(&Sha256::digest(text)))
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

/// What is kept of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptKey {
    /// As its user calls it.
    pub name: String,
    /// What it may be used for.
    pub access: KeyAccess,
    /// Of its text, which is kept nowhere.
    pub digest: Digest,
    /// When it was made.
    pub created_at: Timestamp,
    /// It is refused from then on.
    pub expires_at: Timestamp,
}

/// Why a key that is whole is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is not the key that was made under this number.
    Unknown,
    /// It was good until then.
    Expired(Timestamp),
}

impl KeptKey {
    /// What the key that was sent may be used for.
    ///
    /// # Errors
    /// It is another key, or has expired. Only who has the key itself learns of its end.
    pub fn check(&self, sent: &SentKey, now: Timestamp) -> Result<KeyAccess, Unfit> {
        if self.digest != sent.digest {
            return Err(Unfit::Unknown);
        }
        if self.expires_at <= now {
            return Err(Unfit::Expired(self.expires_at));
        }
        Ok(self.access)
    }
}

/// A key that came with a request. Its text is whole; whether it is good is another question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentKey {
    /// The id of its user.
    pub user: i64,
    /// Its number among the keys of this user.
    pub number: i64,
    digest: Digest,
}

impl SentKey {
    /// Reads the text of a key; `None` if it is none, or was cut short or mistyped.
    #[must_use]
    pub fn read(text: &[u8]) -> Option<Self> {
        let text = str::from_utf8(text).ok()?;
        let (start, check) = text.split_at_checked(text.len().checked_sub(CHECK_CHARS)?)?;
        let mut parts = start.strip_prefix(PREFIX)?.splitn(3, '_');
        let user = number(parts.next()?)?;
        let key = Self {
            user,
            number: number(parts.next()?)?,
            digest: Digest::of(text),
        };
        let whole = is_secret(parts.next()?) && check == check_of(start);
        whole.then_some(key)
    }
}

/// Whether a token is meant to be an API key: the access tokens of users never begin like one.
#[must_use]
pub fn is_meant(token: &[u8]) -> bool {
    token.starts_with(PREFIX.as_bytes())
}

/// What the text of a key begins with, and is no secret: `ck_7_3_`.
#[must_use]
pub fn prefix(user: i64, number: i64) -> String {
    format!("{PREFIX}{user}_{number}_")
}

/// The text of a key with this secret.
#[must_use]
pub fn write(user: i64, number: i64, secret: &[u8; SECRET_BYTES]) -> String {
    let start = prefix(user, number) + &hexadecimal(secret);
    let check = check_of(&start);
    start + &check
}

fn check_of(start: &str) -> String {
    let sum = checksum(CrcAlgorithm::Crc32IsoHdlc, start.as_bytes());
    format!("{sum:0CHECK_CHARS$x}")
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_secret(text: &str) -> bool {
    let digit = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
    text.len() == SECRET_CHARS && text.bytes().all(digit)
}

fn number(text: &str) -> Option<i64> {
    let digits = text.bytes().all(|it| it.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests;
