use aws::secrets::Version;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::key_ring::PublicKey;
use jiff::Timestamp;
use lambda::Failure;
use uuid::Uuid;

/// A new signing key: its private half, for the secret, and its public half, for the key ring.
pub(crate) struct Pair {
    /// The kid is the version's id, so that this function need not read the secret to know which
    /// key signs.
    pub(crate) private: Version,
    pub(crate) public: PublicKey,
}

impl Pair {
    pub(crate) fn make(now: Timestamp) -> Result<Self, Failure> {
        let kid = Uuid::new_v4().simple().to_string();
        let pair = Ed25519KeyPair::generate()?;
        let public = PublicKey {
            kid: kid.clone(),
            x: URL_SAFE_NO_PAD.encode(pair.public_key()),
            made_at: now,
            ends_at: None,
        };
        let text = pem(pair.to_pkcs8v1()?.as_ref());
        let private = Version { id: kid, text };
        Ok(Self { private, public })
    }
}

/// PKCS#8 of Ed25519 is 48 bytes: a line of 64 characters, as long as a line of PEM may be.
fn pem(der: &[u8]) -> String {
    let line = STANDARD.encode(der);
    format!("-----BEGIN PRIVATE KEY-----\n{line}\n-----END PRIVATE KEY-----\n")
}

#[cfg(test)]
mod tests {
    use domain::key_ring::is_kid;

    use super::*;

    #[test]
    fn a_pair_is_one_key_under_one_kid() {
        let now = Timestamp::UNIX_EPOCH;
        let pair = Pair::make(now).unwrap();
        assert!(is_kid(&pair.public.kid));
        assert_eq!(pair.private.id, pair.public.kid);
        let lines: Vec<&str> = pair.private.text.lines().collect();
        assert_eq!((lines.len(), lines[1].len()), (3, 64));
        let der = STANDARD.decode(lines[1]).unwrap();
        let back = Ed25519KeyPair::from_pkcs8(&der).unwrap();
        assert_eq!(URL_SAFE_NO_PAD.encode(back.public_key()), pair.public.x);
        let other = Pair::make(now).unwrap();
        assert_ne!(other.public.x, pair.public.x);
        assert_ne!(other.public.kid, pair.public.kid);
    }
}
