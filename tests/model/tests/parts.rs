//! What each part of the protocol is for: without it, the same model breaks the promise that the
//! part is there to keep. A part without which nothing breaks fails the test.

use domain::import::State;
use model::Protocol;
use model::action::Action;
use model::graph::{Graph, Unending};
use model::promises::{COMMAND_KEPT, EACH_ONCE, KEPT, NOTHING_LEFT, ONE_OF_TWO};
use model::rules::{Fence, Rules};
use model::system::Left;
use model::worlds::{CANCEL, NONE};
use stateright::{Checker, HasDiscoveries, Model};

const ALL: Rules = Rules::ALL;

/// A path of at most `steps` steps to a state in which a promise does not hold.
fn way(protocol: &Protocol, promise: &'static str, steps: usize) -> Option<Vec<Action>> {
    let found = HasDiscoveries::AllOf([promise].into());
    let checker = protocol.clone().checker().threads(1).finish_when(found);
    let checker = checker.target_max_depth(steps + 2).spawn_bfs().join();
    checker.discovery(promise).map(|path| path.into_actions())
}

/// The shortest path. One search may miss it: a checker stops only some states after its first
/// find.
fn broken(rules: Rules, left: Left, promise: &'static str) -> Option<Vec<Action>> {
    let protocol = Protocol { rules, left };
    let mut shortest = way(&protocol, promise, 1000)?;
    while let Some(shorter) = way(&protocol, promise, shortest.len() - 1) {
        shortest = shorter;
    }
    Some(shortest)
}

/// Checks that a promise is broken without a part and kept with all parts.
fn must_break(part: &str, rules: Rules, left: Left, promise: &'static str) {
    let way = broken(rules, left, promise);
    let steps = way.as_ref().map(Vec::len);
    println!("{part}: {promise}, {steps:?} steps: {way:?}");
    assert!(way.is_some(), "{part} does not break {promise}");
    assert_eq!(broken(ALL, left, promise), None, "{part}");
}

#[test]
fn no_fence() {
    let rules = Rules {
        fence: Fence::None,
        ..ALL
    };
    must_break("no fence", rules, CANCEL, NOTHING_LEFT);
}

#[test]
fn only_a_foreign_key() {
    let rules = Rules {
        fence: Fence::ForeignKey,
        ..ALL
    };
    must_break("only a foreign key", rules, CANCEL, NOTHING_LEFT);
}

#[test]
fn no_receipt() {
    let rules = Rules {
        receipt: false,
        ..ALL
    };
    let left = Left { queue: 2, ..NONE };
    must_break("no receipt", rules, left, KEPT);
}

#[test]
fn no_receipt_and_no_key() {
    let rules = Rules {
        receipt: false,
        primary_key: false,
        ..ALL
    };
    let left = Left { queue: 1, ..NONE };
    must_break("no receipt and no key", rules, left, EACH_ONCE);
}

#[test]
fn no_goal() {
    let rules = Rules { goal: false, ..ALL };
    let left = Left {
        deletes: 1,
        ..CANCEL
    };
    must_break("no goal", rules, left, COMMAND_KEPT);
}

#[test]
fn no_one_swap() {
    let rules = Rules {
        one_swap: false,
        ..ALL
    };
    let left = Left {
        swaps: true,
        ..NONE
    };
    must_break("no UPDATE over both", rules, left, ONE_OF_TWO);
}

/// Checks that without a part there are states from which no end can be reached.
fn must_get_stuck(part: &str, rules: Rules, left: Left) {
    let graph = Graph::of(&Protocol { rules, left });
    // States in which the upload never came show nothing about the part.
    let begun = |it: &&u32| graph.states[**it as usize].row.state != State::AwaitingUpload;
    let stuck = graph.unending().stuck;
    let way = stuck.iter().find(begun).map(|it| graph.way_to(*it));
    let steps = way.as_ref().map(Vec::len);
    println!("{part}: promise 3, {steps:?} steps: {way:?}");
    assert!(way.is_some(), "{part} does not break promise 3");
    let whole = Graph::of(&Protocol { rules: ALL, left });
    assert_eq!(whole.unending(), Unending::NOWHERE, "{part}");
}

const CRASH: Left = Left { crashes: 1, ..NONE };

#[test]
fn no_token_answer() {
    let rules = Rules {
        token_answer: false,
        ..ALL
    };
    must_get_stuck("no token answer", rules, NONE);
}

#[test]
fn no_reconcile() {
    let rules = Rules {
        reconcile: false,
        ..ALL
    };
    must_get_stuck("no reconcile", rules, CRASH);
}

#[test]
fn no_end_of_silent_workers() {
    let rules = Rules {
        end_silent_workers: false,
        ..ALL
    };
    must_get_stuck("no end of silent workers", rules, CRASH);
}

#[test]
fn no_second_handing_out() {
    let rules = Rules {
        hand_out_again: false,
        ..ALL
    };
    let left = Left { queue: 1, ..NONE };
    must_get_stuck("no second handing out", rules, left);
}
