use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const HOUR: i64 = TRIES_FORGOTTEN_AFTER.as_secs();
const LONGEST: i64 = PAUSE_BETWEEN_TRIES_AT_MOST.as_secs();

fn noon() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

fn after_milliseconds(milliseconds: i64) -> Timestamp {
    noon() + SignedDuration::from_millis(milliseconds)
}

fn after(seconds: i64) -> Timestamp {
    after_milliseconds(1000 * seconds)
}

fn kept(count: u32, last: i64, forgotten_at: i64) -> Option<Tries> {
    Some(Tries {
        count,
        last: after(last),
        forgotten_at: after(forgotten_at),
    })
}

fn made(count: u32, forgotten_at: i64) -> Turn {
    Turn::Try(kept(count, 0, forgotten_at).unwrap())
}

#[test]
fn turns_as_a_table() {
    use Turn::Wait;
    #[rustfmt::skip]
    let table = [
        ("the first",                        None,                     made(1, HOUR)),
        ("the second, in the same hour",     kept(1, -60, 3540),       made(2, 3540)),
        ("those of an hour ago count not",   kept(4, -3600, 0),        made(1, HOUR)),
        ("at the same moment",               kept(3, 0, 900),          made(4, 900)),
        ("the last free one",                kept(4, 0, 900),          made(5, HOUR)),
        ("one more, at once",                kept(5, 0, HOUR),         Wait(1)),
        ("one more, a second later",         kept(5, -1, HOUR),        made(6, HOUR)),
        ("two more, a second later",         kept(6, -1, HOUR),        Wait(1)),
        ("two more, two seconds later",      kept(6, -2, HOUR),        made(7, HOUR)),
        ("ten more",                         kept(14, 0, HOUR),        Wait(512)),
        ("eleven more: the longest pause",   kept(15, 0, HOUR),        Wait(900)),
        ("many more",                        kept(4_000_000, 0, HOUR), Wait(900)),
        ("many more, after the pause",       kept(99, -LONGEST, 1),    made(100, HOUR)),
        ("many more, after a quiet hour",    kept(99, -HOUR, 0),       made(1, HOUR)),
        ("a clock that is behind",           kept(5, 3, HOUR),         Wait(4)),
    ];
    for (case, kept, expected) in table {
        assert_eq!(turn(kept, 5, noon()), expected, "{case}");
    }
}

#[test]
fn who_comes_back_when_they_were_told_is_not_refused() {
    for (milliseconds, wait) in [(1, 2), (999, 2), (1000, 1), (1001, 1), (1999, 1)] {
        let now = after_milliseconds(milliseconds);
        assert_eq!(turn(kept(6, 0, HOUR), 5, now), Turn::Wait(wait));
        let then = now + SignedDuration::from_secs(wait.into());
        assert!(matches!(turn(kept(6, 0, HOUR), 5, then), Turn::Try(_)));
    }
    let now = after_milliseconds(2000);
    assert!(matches!(turn(kept(6, 0, HOUR), 5, now), Turn::Try(_)));
}

/// Who guesses whenever they may: the figures of `docs/security.md`.
#[test]
fn what_a_guesser_gets_in_an_hour() {
    for (free, first_hour) in [(10, 22), (100, 112)] {
        let mut kept = None;
        let mut hours = [0, 0, 0];
        for second in 0..3 * HOUR {
            // As many as come at once.
            while let Turn::Try(more) = turn(kept, free, after(second)) {
                kept = Some(more);
                hours[(second / HOUR) as usize] += 1;
            }
        }
        assert_eq!(hours, [first_hour, 4, 4], "{free}");
    }
}

/// As it is stored: milliseconds and seconds, nothing finer.
#[test]
fn what_is_kept_can_be_stored() {
    let now: Timestamp = "2026-01-01T12:00:00.123456789Z".parse().unwrap();
    let Turn::Try(kept) = turn(None, 5, now) else {
        panic!("the first try is free");
    };
    assert_eq!(kept.last.to_string(), "2026-01-01T12:00:00.123Z");
    assert_eq!(kept.forgotten_at.to_string(), "2026-01-01T13:00:00Z");
}

#[test]
fn each_is_counted_by_itself() {
    let [home, away] = ["192.0.2.7", "192.0.2.8"].map(|it| Address::of(it).unwrap());
    let all = [
        Counted::PasswordsFrom(&home),
        Counted::PasswordsFrom(&away),
        Counted::SignUpsFrom(&home),
        Counted::PasswordOf("ada"),
        Counted::PasswordOf("Ada"),
        Counted::PasswordOf("192.0.2.7"),
        Counted::PasswordOf(""),
        Counted::PasswordFrom {
            username: "ada",
            address: &home,
        },
        Counted::PasswordFrom {
            username: "ada",
            address: &away,
        },
        Counted::PasswordFrom {
            username: "Ada",
            address: &away,
        },
    ];
    let digests: BTreeSet<String> = all.iter().map(Counted::digest).collect();
    assert_eq!(digests.len(), all.len());
    for digest in digests {
        assert_eq!(digest.len(), 64, "{digest}");
    }
}

#[test]
fn addresses_of_one_network_are_counted_together() {
    let [one, other] = ["2001:db8::1", "2001:db8::ffff:1"].map(|it| Address::of(it).unwrap());
    let digest = |address| Counted::PasswordsFrom(address).digest();
    assert_eq!(digest(&one), digest(&other));
}

proptest! {
    /// However long somebody goes on, and whenever they try: in an hour there are no more tries than
    /// the free ones, those of the growing pauses and one in each of the longest.
    #[test]
    fn a_guesser_does_not_get_far(
        free in 1_u32..60, pauses in prop::collection::vec(0_i64..1_000, 1..600)
    ) {
        let mut now = 0;
        let mut kept = None;
        let mut tried = Vec::new();
        for pause in pauses {
            now += pause;
            if let Turn::Try(more) = turn(kept, free, after(now)) {
                kept = Some(more);
                tried.push(now);
            }
        }
        let growing = 10;
        let longest = HOUR / LONGEST;
        let at_most = i64::from(free) + growing + longest + 1;
        for (index, begin) in tried.iter().enumerate() {
            let within = tried[index..].iter().take_while(|it| **it < begin + HOUR).count();
            // The free ones of the hour that ends, and of the one that begins.
            prop_assert!(within as i64 <= at_most + i64::from(free), "{within} in an hour");
        }
    }

    /// Whoever is told to wait gets their turn by waiting so long, and not a second sooner.
    #[test]
    fn the_wait_is_what_it_says(count in 1_u32..80, since in 0_i64..2_000_000, free in 1_u32..60) {
        let tries = kept(count, 0, 5_000);
        let now = after_milliseconds(since);
        if let Turn::Wait(seconds) = turn(tries, free, now) {
            prop_assert!(seconds >= 1);
            let wait = SignedDuration::from_secs(seconds.into());
            prop_assert!(matches!(turn(tries, free, now + wait), Turn::Try(_)));
            let sooner = now + wait - SignedDuration::from_secs(1);
            prop_assert!(matches!(turn(tries, free, sooner), Turn::Wait(_)));
        }
    }

    /// A pause is never shorter than the one before it.
    #[test]
    fn pauses_grow(count in 0_u32..10_000, free in 1_u32..1_000) {
        prop_assert!(pause(count, free) <= pause(count + 1, free));
        prop_assert_eq!(pause(count, free).is_zero(), count < free);
    }
}
