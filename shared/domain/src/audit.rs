//! Who did what: acts of users on their accounts, which `auth` writes down, and on imports and
//! exports, which the database does. For their user both are one list, the latest first.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};
use uuid::Uuid;

/// What was done, or tried, with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Act {
    /// The account was made.
    SignedUp,
    /// Name and password were right.
    SignedIn,
    /// The name was right, the password was not.
    SignInFailed,
    /// A refresh token came a second time, and its family was ended; or one came that had been ended
    /// before, which is written down once an hour.
    RefreshRefused,
    /// A refresh token was ended, with its family.
    SignedOut,
    /// All tokens were ended.
    SessionsEnded,
    /// The account has another password, and all tokens were ended.
    PasswordChanged,
    /// With a token, but not with the present password, somebody asked for another one, for an API
    /// key, or for the end of the account.
    PasswordRefused,
    /// An API key was made.
    KeyMade,
    /// An API key was revoked.
    KeyRevoked,
    /// The account was deleted, and what it had is being removed.
    AccountDeleted,
    /// Everything that a deleted account had is removed.
    AccountGone,
    /// A request was refused because it would have been more than a user may have. Of each quota the
    /// first refusal of an hour is written down.
    QuotaReached,
}

impl Act {
    /// All of them.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The word in stored items and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Where an entry comes from. Of two of the same time, the one of the import comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// What was done with the account.
    Account,
    /// What was done with an import or export.
    Work,
}

/// The layout: version, microseconds since 1970, source, id, number. Those of other lists have other
/// versions.
const BY_TIME: u8 = 4;
const BYTES: usize = 1 + 8 + 1 + 16 + 4;

/// Where an entry stands in the list: later ones come first. It stays a position when the entry is
/// gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// When it was, to the microsecond.
    pub at: Timestamp,
    /// Where the entry comes from.
    pub source: Source,
    /// Of the entry, or of the import or export.
    pub id: Uuid,
    /// Of the event of an import or export; else 0.
    pub number: i32,
}

impl Position {
    /// The position as text that can stand in a URL.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.push(BY_TIME);
        bytes.extend(self.at.as_microsecond().to_be_bytes());
        bytes.push(u8::from(self.source == Source::Work));
        bytes.extend(self.id.as_bytes());
        bytes.extend(self.number.to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`Position::encode`] wrote; `None` for anything else.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let bytes: [u8; BYTES] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (&version, rest) = bytes.split_first()?;
        let (at, rest) = rest.split_first_chunk()?;
        let (&source, rest) = rest.split_first()?;
        let (id, number) = rest.split_first_chunk::<16>()?;
        let at = Timestamp::from_microsecond(i64::from_be_bytes(*at)).ok()?;
        // PostgreSQL takes no earlier time.
        (version == BY_TIME && at >= Timestamp::UNIX_EPOCH).then_some(())?;
        Some(Self {
            at,
            source: match source {
                0 => Source::Account,
                1 => Source::Work,
                _ => return None,
            },
            id: Uuid::from_bytes(*id),
            number: i32::from_be_bytes(number.try_into().ok()?),
        })
    }
}

/// The first `limit` entries of two lists, each of which begins with what comes first, and where the
/// next page begins. Each of them has one more than the page, if there is one.
#[must_use]
pub fn merged<T>(
    mut one: Vec<(Position, T)>,
    other: Vec<(Position, T)>,
    limit: usize,
) -> (Vec<T>, Option<Position>) {
    one.extend(other);
    one.sort_by_key(|it| std::cmp::Reverse(it.0));
    let is_last = one.len() <= limit;
    one.truncate(limit);
    let next = one.last().map(|it| it.0).filter(|_| !is_last);
    (one.into_iter().map(|it| it.1).collect(), next)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn position(at: i64, source: Source, id: u128, number: i32) -> Position {
        Position {
            at: Timestamp::from_microsecond(at).unwrap(),
            source,
            id: Uuid::from_u128(id),
            number,
        }
    }

    #[test]
    fn words() {
        let words: Vec<&str> = Act::ALL.iter().map(|it| it.as_str()).collect();
        assert_eq!(words.len(), 13);
        for (act, word) in Act::ALL.iter().zip(words) {
            assert_eq!(word.parse(), Ok(*act));
        }
        assert_eq!(Act::SignInFailed.as_str(), "sign_in_failed");
    }

    #[test]
    fn what_was_written_is_read() {
        for source in [Source::Account, Source::Work] {
            for (at, id, number) in [(0, 0, 0), (1_767_225_600_123_456, u128::MAX - 5, 7)] {
                let position = position(at, source, id, number);
                let text = position.encode();
                assert_eq!(Position::decode(&text), Some(position));
                assert_eq!(Position::decode(&text[1..]), None);
                assert_eq!(Position::decode(&format!("{text}A")), None);
            }
        }
    }

    #[test]
    fn anything_else_is_none() {
        let packed = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let other_version = [&[3][..], &[0; 29]].concat();
        let other_source = [&[4][..], &[0; 8], &[2], &[0; 20]].concat();
        let before_1970 = [&[4, 0xff][..], &[0; 28]].concat();
        let too_late = [&[4, 0x7f][..], &[0; 28]].concat();
        for bytes in [other_version, other_source, before_1970, too_late] {
            assert_eq!(Position::decode(&packed(&bytes)), None, "{bytes:?}");
        }
        for text in ["", "x", "BA==", "ä"] {
            assert_eq!(Position::decode(text), None, "{text}");
        }
    }

    /// What a source answers that is asked for what comes after a position.
    fn after(
        all: &[Position],
        position: Option<Position>,
        limit: usize,
    ) -> Vec<(Position, Position)> {
        let mut found: Vec<Position> = all.to_vec();
        found.retain(|it| position.is_none_or(|position| *it < position));
        found.sort_by_key(|it| std::cmp::Reverse(*it));
        found.truncate(limit + 1);
        found.into_iter().map(|it| (it, it)).collect()
    }

    proptest! {
        /// Page after page, each entry comes once and in order, whatever comes at the same time.
        #[test]
        fn pages_are_the_whole_list(
            accounts in prop::collection::btree_set((0_i64..5, 0_u128..20), 0..30),
            work in prop::collection::btree_set((0_i64..5, 0_u128..4, 1_i32..5), 0..30),
            limit in 1_usize..7,
        ) {
            let accounts: Vec<Position> = accounts
                .into_iter()
                .map(|(at, id)| position(at, Source::Account, id, 0))
                .collect();
            let work: Vec<Position> = work
                .into_iter()
                .map(|(at, id, number)| position(at, Source::Work, id, number))
                .collect();
            let mut all = [accounts.clone(), work.clone()].concat();
            all.sort_by_key(|it| std::cmp::Reverse(*it));
            let (mut read, mut next) = (Vec::new(), None);
            loop {
                let pages = [&accounts, &work].map(|it| after(it, next, limit));
                let [one, other] = pages;
                let (page, following) = merged(one, other, limit);
                prop_assert!(page.len() == limit || following.is_none());
                read.extend(page);
                next = following;
                if next.is_none() {
                    break;
                }
            }
            prop_assert_eq!(read, all);
        }
    }
}
