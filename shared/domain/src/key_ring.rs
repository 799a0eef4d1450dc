//! The key ring: the public keys that tokens are checked with, and until when. It says by itself
//! which key a token is checked with; what a token says of its algorithm or brings along counts for
//! nothing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::limits::{OLD_SIGNING_KEY_KEPT_FOR, ROTATION_HELD_FOR};

/// Hexadecimal digits of a kid. Secrets Manager takes 32 to 64 characters as the id of a version.
const KID_DIGITS: usize = 32;

/// The public half of a signing key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    /// Names the key in the header of a token.
    pub kid: String,
    /// The key itself (Ed25519), in base64url: what a JSON web key calls so.
    pub x: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// From when on no token is accepted by it; `None` for a key that signs, or is about to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
}

impl PublicKey {
    fn is_accepted(&self, now: Timestamp) -> bool {
        self.ends_at.is_none_or(|end| now < end)
    }
}

/// The public keys that tokens are checked with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRing {
    /// In the order in which they were made.
    pub keys: Vec<PublicKey>,
    /// Until then a rotation is under way, or was broken off. Two at the same time would take each
    /// other's new key for an old one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotating_until: Option<Timestamp>,
}

/// What becomes of tokens that an earlier key has signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// They live to their end: nobody else has the key.
    WithItsTokens,
    /// They are refused: the key may be known to others.
    AtOnce,
}

impl KeyRing {
    /// The key of this kid, whether or not it has ended.
    pub fn key(&self, kid: &str) -> Option<&PublicKey> {
        self.keys.iter().find(|it| it.kid == kid)
    }

    /// The key of this kid, if tokens are still accepted by it.
    pub fn accepted(&self, kid: &str, now: Timestamp) -> Option<&PublicKey> {
        self.key(kid).filter(|it| it.is_accepted(now))
    }

    /// Whether a rotation is under way.
    pub fn is_rotating(&self, now: Timestamp) -> bool {
        self.rotating_until.is_some_and(|until| now < until)
    }

    /// Begins a rotation: adds the key that is about to sign. False if another one is under way. The
    /// same key may be added again, because the answer to a write may be lost.
    pub fn begin(&mut self, key: PublicKey, now: Timestamp) -> bool {
        if self.key(&key.kid).is_some() {
            return true;
        }
        if self.is_rotating(now) {
            return false;
        }
        self.rotating_until = Some(now + ROTATION_HELD_FOR);
        self.keys.push(key);
        true
    }

    /// Ends a rotation: gives every key but the one that signs an end, which later calls do not put
    /// off, and drops those that have ended. A kid that is not in the ring changes nothing: without
    /// the key that signs, all that is accepted would run out.
    pub fn settle(&mut self, signs: &str, now: Timestamp, ending: Ending) {
        if self.key(signs).is_none() {
            return;
        }
        self.rotating_until = None;
        let end = match ending {
            Ending::WithItsTokens => now + OLD_SIGNING_KEY_KEPT_FOR,
            Ending::AtOnce => now,
        };
        for key in &mut self.keys {
            key.ends_at = match key.ends_at {
                _ if key.kid == signs => None,
                Some(before) => Some(before.min(end)),
                None => Some(end),
            };
        }
        self.keys.retain(|it| it.is_accepted(now));
    }
}

/// Whether this may be a kid of ours: 32 digits from 0 to f. Nothing else is looked up.
pub fn is_kid(text: &str) -> bool {
    let is_digit = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
    text.len() == KID_DIGITS && text.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn noon() -> Timestamp {
        "2026-01-01T12:00:00Z".parse().unwrap()
    }

    fn key(kid: &str, ends_at: Option<Timestamp>) -> PublicKey {
        PublicKey {
            kid: kid.to_owned(),
            x: String::new(),
            made_at: noon(),
            ends_at,
        }
    }

    /// Kids, each with its end.
    type Kids<'a> = &'a [(&'a str, Option<Timestamp>)];

    fn ring(keys: Kids<'_>) -> KeyRing {
        let keys = keys.iter().map(|(kid, end)| key(kid, *end));
        KeyRing {
            keys: keys.collect(),
            rotating_until: None,
        }
    }

    #[test]
    fn a_key_is_accepted_before_its_end() {
        let ring = ring(&[("old", Some(noon())), ("new", None)]);
        let before = noon() - SignedDuration::from_nanos(1);
        assert!(ring.accepted("old", before).is_some());
        assert!(ring.accepted("old", noon()).is_none() && ring.key("old").is_some());
        assert!(ring.accepted("new", noon() + 10_000 * HOUR).is_some());
        assert!(ring.accepted("other", noon()).is_none());
    }

    #[test]
    fn all_keys_end_but_the_one_that_signs() {
        let (soon, kept) = (noon() + HOUR, noon() + OLD_SIGNING_KEY_KEPT_FOR);
        let before = [
            ("a", Some(noon())),
            ("b", Some(soon)),
            ("c", None),
            ("d", None),
        ];
        #[rustfmt::skip]
        let table: [(&str, Ending, Kids<'_>); 5] = [
            ("d", Ending::WithItsTokens, &[("b", Some(soon)), ("c", Some(kept)), ("d", None)]),
            ("d", Ending::AtOnce, &[("d", None)]),
            // It was about to end, and signs after all.
            ("b", Ending::WithItsTokens, &[("b", None), ("c", Some(kept)), ("d", Some(kept))]),
            ("b", Ending::AtOnce, &[("b", None)]),
            ("nobody", Ending::AtOnce, &before),
        ];
        for (signs, ending, expected) in table {
            let mut settled = ring(&before);
            settled.settle(signs, noon(), ending);
            assert_eq!(settled, ring(expected), "{signs}, {ending:?}");
            settled.settle(signs, noon(), ending);
            assert_eq!(settled, ring(expected), "{signs}, {ending:?}, once more");
        }
    }

    #[test]
    fn an_end_is_not_put_off() {
        let mut ring = ring(&[("old", None), ("new", None)]);
        ring.settle("new", noon(), Ending::WithItsTokens);
        let end = ring.key("old").unwrap().ends_at;
        ring.settle("new", noon() + HOUR, Ending::WithItsTokens);
        assert_eq!(ring.key("old").unwrap().ends_at, end);
    }

    #[test]
    fn one_rotation_at_a_time() {
        let mut ring = ring(&[("a", None)]);
        assert!(ring.begin(key("b", None), noon()));
        let begun = ring.clone();
        let just_before = noon() + ROTATION_HELD_FOR - SignedDuration::from_nanos(1);
        assert!(!ring.begin(key("c", None), just_before));
        // Its own key once more: the answer to the first write was lost.
        assert!(ring.begin(key("b", None), just_before));
        assert_eq!(ring, begun);
        // It was broken off.
        assert!(ring.begin(key("c", None), noon() + ROTATION_HELD_FOR));
        ring.settle("c", noon() + ROTATION_HELD_FOR, Ending::AtOnce);
        assert!(!ring.is_rotating(noon()) && ring.keys == [key("c", None)]);
    }

    #[test]
    fn what_may_be_a_kid() {
        assert!(is_kid("0123456789abcdef0123456789abcdef"));
        for other in [
            "",
            "0123456789abcdef0123456789abcde",
            "0123456789abcdef0123456789abcdef0",
            "0123456789ABCDEF0123456789ABCDEF",
            "0123456789abcdef0123456789abcdeg",
            "00000000-0000-0000-0000-00000000",
            "../../../../../../../etc/passwd/",
            "' OR '1'='1' -- 0123456789abcdef",
            "०123456789abcdef0123456789abcd",
        ] {
            assert!(!is_kid(other), "{other}");
        }
    }
}
