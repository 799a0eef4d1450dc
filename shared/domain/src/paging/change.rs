//! A position in the list of everything that an owner has, as a client carries it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

/// What an entry of the list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// An import.
    Import,
    /// An export.
    Export,
}

impl Kind {
    /// Both.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The word in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The layout: version, microseconds since 1970, uid. Those of rows have other versions.
const BY_CHANGE: u8 = 3;
const BYTES: usize = 1 + 8 + 16;

/// Where an import or export stands in the list: that which changed last comes first. It stays a
/// position when what stood there has changed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangePosition {
    /// When its state changed, to the microsecond.
    pub at: Timestamp,
    /// Which of those that changed at that time.
    pub uid: Uuid,
}

impl ChangePosition {
    /// The position as text that can stand in a URL.
    pub fn encode(&self) -> String {
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.push(BY_CHANGE);
        bytes.extend(self.at.as_microsecond().to_be_bytes());
        bytes.extend(self.uid.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`ChangePosition::encode`] wrote; `None` for anything else.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes: [u8; BYTES] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (&version, rest) = bytes.split_first()?;
        let (at, uid) = rest.split_first_chunk()?;
        let at = Timestamp::from_microsecond(i64::from_be_bytes(*at)).ok()?;
        let uid = Uuid::from_slice(uid).ok()?;
        // PostgreSQL takes no earlier time.
        let fits = version == BY_CHANGE && at >= Timestamp::UNIX_EPOCH;
        fits.then_some(Self { at, uid })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        for micros in [0, 1, 1_767_225_600_123_456] {
            let position = ChangePosition {
                at: Timestamp::from_microsecond(micros).unwrap(),
                uid: Uuid::from_u128(u128::MAX - 5),
            };
            let text = position.encode();
            assert_eq!(ChangePosition::decode(&text), Some(position));
            assert_eq!(ChangePosition::decode(&text[1..]), None);
            assert_eq!(ChangePosition::decode(&format!("{text}A")), None);
        }
    }

    #[test]
    fn words() {
        let words = Kind::ALL.iter().map(|it| it.as_str());
        assert!(words.eq(["import", "export"]));
    }

    #[test]
    fn anything_else_is_none() {
        let packed = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let other_version = [&[2][..], &[0; 24]].concat();
        let before_1970 = [&[3, 0xff][..], &[0; 23]].concat();
        let too_late = [&[3, 0x7f][..], &[0; 23]].concat();
        for bytes in [other_version, before_1970, too_late] {
            assert_eq!(ChangePosition::decode(&packed(&bytes)), None, "{bytes:?}");
        }
        for text in ["", "x", "Aw==", "ä"] {
            assert_eq!(ChangePosition::decode(text), None, "{text}");
        }
    }
}
