use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const NOON: i64 = 1_767_268_800;
const AGAIN: i64 = REFRESHED_AGAIN_WITHIN.as_secs();

fn after(jti: &str, seconds: i64) -> Family {
    Family {
        spent: Some(Spent {
            jti: jti.to_owned(),
            at: NOON - seconds,
        }),
        ..Family::default()
    }
}

#[test]
fn turns_as_a_table() {
    let ended = |it| Family { ended: true, ..it };
    let new = Family::default;
    #[rustfmt::skip]
    let table = [
        ("the first", new(), "a", None, Turn::Exchange),
        ("the first, once more", after("a", 1), "a", None, Turn::Again),
        ("the first, at the last moment", after("a", AGAIN), "a", None, Turn::Again),
        ("the first, too late", after("a", AGAIN + 1), "a", None, Turn::Replayed),
        ("a clock that is behind", after("a", -5), "a", None, Turn::Again),
        ("its successor", after("a", 80_000), "b", Some("a"), Turn::Exchange),
        ("its successor, once more", after("b", 1), "b", Some("a"), Turn::Again),
        ("the first, its successor used", after("b", 1), "a", None, Turn::Replayed),
        ("another successor, the first used", after("b", 1), "c", Some("a"), Turn::Replayed),
        ("a successor of one that was never exchanged", new(), "b", Some("a"), Turn::Replayed),
        ("ended before it was used", ended(new()), "a", None, Turn::Ended),
        ("ended a moment after", ended(after("a", 1)), "a", None, Turn::Ended),
        ("the successor, ended", ended(after("a", 1)), "b", Some("a"), Turn::Ended),
    ];
    for (case, family, jti, parent, expected) in table {
        assert_eq!(family.turn(jti, parent, NOON), expected, "{case}");
    }
}

#[test]
fn a_family_lasts_as_long_as_it_may_and_no_longer() {
    let day = REFRESH_TOKEN_VALID_FOR.as_secs();
    let most = FAMILY_AT_MOST.as_secs();
    let new = Family::default();
    assert_eq!(new.successor_ends(NOON, NOON + 60), NOON + 60 + day);
    let old = Family {
        began: Some(NOON),
        ..new
    };
    let late = NOON + most - 60;
    assert_eq!(old.successor_ends(late - 60, late), NOON + most);
    assert_eq!(old.successor_ends(NOON + 60, NOON + 120), NOON + 120 + day);
}

/// A token of the simulation: its id is its place in the list.
#[derive(Clone, Debug)]
struct Token {
    parent: Option<usize>,
}

/// One family, its tokens in whosever hands, and what became of each.
struct Simulation {
    now: i64,
    family: Family,
    tokens: Vec<Token>,
    /// Which token was exchanged first of those with the same parent.
    exchanged: BTreeMap<Option<usize>, usize>,
}

impl Simulation {
    fn new() -> Self {
        Self {
            now: NOON,
            family: Family::default(),
            tokens: vec![Token { parent: None }],
            exchanged: BTreeMap::new(),
        }
    }

    /// Presents a token, does what the turn says, and compares that with the rules in words.
    fn present(&mut self, token: usize) {
        let parent = self.tokens[token].parent;
        let name = |it: usize| format!("t{it}");
        let of_parent = parent.map(name);
        let turn = self
            .family
            .turn(&name(token), of_parent.as_deref(), self.now);
        assert_eq!(turn == Turn::Ended, self.family.ended);
        let was_exchanged = self.exchanged.get(&parent) == Some(&token);
        let successor_was = self.exchanged.contains_key(&Some(token));
        match turn {
            Turn::Exchange => {
                assert!(!self.exchanged.contains_key(&parent), "of two, one only");
                self.exchanged.insert(parent, token);
                self.family.spent = Some(Spent {
                    jti: name(token),
                    at: self.now,
                });
                self.tokens.push(Token {
                    parent: Some(token),
                });
            }
            Turn::Again => {
                assert!(was_exchanged && !successor_was);
                self.tokens.push(Token {
                    parent: Some(token),
                });
            }
            Turn::Replayed => {
                let other_was = self.exchanged.contains_key(&parent) && !was_exchanged;
                let late = self
                    .family
                    .spent
                    .as_ref()
                    .is_some_and(|it| self.now - it.at > AGAIN);
                assert!(other_was || successor_was || (was_exchanged && late));
                self.family.ended = true;
            }
            Turn::Ended => {}
        }
    }
}

proptest! {
    /// Whoever presents which token when: of the tokens given for one, at most one is exchanged;
    /// none is exchanged after its successor was; and an ended family stays so.
    #[test]
    fn in_any_order_each_generation_is_exchanged_once(
        steps in prop::collection::vec((any::<prop::sample::Index>(), 0..=2 * AGAIN), 1..60)
    ) {
        let mut simulation = Simulation::new();
        for (token, seconds) in steps {
            simulation.now += seconds;
            let token = token.index(simulation.tokens.len());
            simulation.present(token);
        }
    }

    /// A thief and the robbed, both of whom go on refreshing, do not go on for long: the family
    /// ends when the second of them refreshes, or, within the minute, refreshes again.
    #[test]
    fn a_copied_token_ends_the_family_once_both_have_refreshed(
        before in 0..5_usize, pause in 1..3 * AGAIN, thief_first in any::<bool>()
    ) {
        let mut simulation = Simulation::new();
        for _ in 0..before {
            simulation.present(simulation.tokens.len() - 1);
            simulation.now += pause;
        }
        let copied = simulation.tokens.len() - 1;
        let mut held = [copied, copied];
        for turn in 0..4 {
            let who = usize::from(thief_first) ^ (turn % 2);
            simulation.present(held[who]);
            held[who] = simulation.tokens.len() - 1;
            simulation.now += pause;
        }
        prop_assert!(simulation.family.ended);
    }
}
