use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;

const SECRET: [u8; SECRET_BYTES] = *b"0123456789abcdefghijklmnopqrstuv";

/// Written by hand, so that no key that is in use ever becomes another: `printf` and `crc32` make
/// the same of the same secret.
const TEXT: &str =
    "ck_7_3_303132333435363738396162636465666768696a6b6c6d6e6f70717273747576c6c482aa";

fn noon() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

fn kept(text: &str) -> KeptKey {
    KeptKey {
        name: "nightly".into(),
        access: KeyAccess::Read,
        digest: Digest::of(text),
        created_at: noon(),
        expires_at: noon() + SignedDuration::from_hours(24),
    }
}

fn sent(text: &str) -> SentKey {
    SentKey::read(text.as_bytes()).unwrap()
}

#[test]
fn a_key_is_written_as_it_always_was() {
    assert_eq!(write(7, 3, &SECRET), TEXT);
    assert!(TEXT.starts_with(&prefix(7, 3)));
    let key = sent(TEXT);
    assert_eq!((key.user, key.number), (7, 3));
}

#[test]
fn a_digest_is_sha_256_in_hexadecimal() {
    let of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(serde_json::to_value(Digest::of("abc")).unwrap(), of_abc);
}

#[test]
fn what_is_no_key() {
    let other_check = TEXT.replace("_7_", "_8_");
    let of_whom = "ck__3_".to_owned() + TEXT.split_at(7).1;
    let signed = "ck_+7_3_".to_owned() + TEXT.split_at(7).1;
    let capitals = TEXT.to_uppercase().replace("CK_", "ck_");
    let longer = format!("{TEXT}0");
    let padded = format!(" {TEXT}");
    let texts = [
        "",
        "ck_",
        "ck_7_3_",
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.c2ln",
        &TEXT[..TEXT.len() - 1],
        &TEXT[1..],
        &longer,
        &padded,
        &other_check,
        &of_whom,
        &signed,
        &capitals,
        &TEXT.replace("ck_", "cks"),
        "ck_7_3_ä",
    ];
    for text in texts {
        assert_eq!(SentKey::read(text.as_bytes()), None, "{text}");
    }
    assert_eq!(
        SentKey::read(b"ck_7_3_\xff\xff\xff\xff\xff\xff\xff\xff"),
        None
    );
}

#[test]
fn a_key_is_good_until_its_end() {
    let key = kept(TEXT);
    let end = key.expires_at;
    let last = end - SignedDuration::from_nanos(1);
    assert_eq!(key.check(&sent(TEXT), noon()), Ok(KeyAccess::Read));
    assert_eq!(key.check(&sent(TEXT), last), Ok(KeyAccess::Read));
    assert_eq!(key.check(&sent(TEXT), end), Err(Unfit::Expired(end)));
}

/// Also where it has expired: its end is told to none but its holder.
#[test]
fn another_key_of_the_same_number_is_unknown() {
    let other = write(7, 3, &[0; SECRET_BYTES]);
    let key = kept(TEXT);
    for now in [noon(), key.expires_at] {
        assert_eq!(key.check(&sent(&other), now), Err(Unfit::Unknown));
    }
}

#[test]
fn what_is_kept_has_no_part_of_the_secret() {
    let kept = serde_json::to_string(&kept(TEXT)).unwrap();
    let secret = TEXT.rsplit_once('_').unwrap().1;
    for piece in secret.as_bytes().windows(8) {
        let piece = str::from_utf8(piece).unwrap();
        assert!(!kept.contains(piece), "{piece} in {kept}");
    }
}

#[test]
fn the_words_of_access() {
    let words: Vec<String> = KeyAccess::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(words, ["read", "write"]);
    for access in KeyAccess::ALL {
        assert_eq!(access.to_string().parse(), Ok(*access));
        assert_eq!(
            serde_json::to_value(access).unwrap(),
            access.to_string().as_str()
        );
    }
}

proptest! {
    #[test]
    fn a_key_that_is_written_is_read(user in 1..i64::MAX, number in 1..i64::MAX, secret: [u8; 32]) {
        let text = write(user, number, &secret);
        let key = sent(&text);
        prop_assert_eq!((key.user, key.number), (user, number));
        prop_assert_eq!(kept(&text).check(&key, noon()), Ok(KeyAccess::Read));
        prop_assert!(is_meant(text.as_bytes()));
    }

    /// A CRC-32 finds every single wrong character.
    #[test]
    fn a_wrong_character_is_noticed(at in 0..79_usize, other in "[0-9a-f_]") {
        let mut text = TEXT.to_owned();
        prop_assume!(text[at..=at] != other);
        text.replace_range(at..=at, &other);
        prop_assert_eq!(SentKey::read(text.as_bytes()), None);
    }
}
