//! The promises, searched for in everything that can happen; and the protocol without each of its
//! parts, which must break the promise that the part is for. The figures of docs/model.md are
//! printed by `cargo test -p model -- --nocapture`.

use std::collections::HashSet;

use domain::import::State;
use model::graph::{Graph, Unending};
use model::promises::{ALWAYS, EACH_ONCE, KEPT, NOTHING_LEFT, WISH_KEPT};
use model::rules::{Fence, Rules};
use model::system::Left;
use model::{Protocol, action::Action};
use stateright::{Checker, HasDiscoveries, Model};

const NONE: Left = Left::NONE;

/// Every wish once; each world adds what may go wrong meanwhile.
const WISHES: Left = Left {
    pauses: 1,
    cancels: 1,
    deletes: 1,
    ..NONE
};

const CANCEL: Left = Left { cancels: 1, ..NONE };

const WORLDS: [(&str, Left); 7] = [
    (
        "crashes",
        Left {
            crashes: 2,
            ..CANCEL
        },
    ),
    (
        "messages",
        Left {
            queue: 2,
            crashes: 1,
            ..CANCEL
        },
    ),
    (
        "wishes",
        Left {
            crashes: 1,
            ..WISHES
        },
    ),
    ("late", Left { late: 2, ..WISHES }),
    (
        "late and crashes",
        Left {
            late: 1,
            crashes: 1,
            ..CANCEL
        },
    ),
    ("slow", Left { slow: 1, ..WISHES }),
    (
        "slow and crashes",
        Left {
            slow: 1,
            crashes: 1,
            ..CANCEL
        },
    ),
];

/// The fewest steps to a state in which a promise does not hold.
fn broken(protocol: Protocol, promise: &'static str) -> Option<Vec<Action>> {
    let found = HasDiscoveries::AllOf([promise].into());
    let checker = protocol.checker().threads(1).finish_when(found);
    let checker = checker.spawn_bfs().join();
    checker.discovery(promise).map(|path| path.into_actions())
}

#[test]
fn promises_1_and_2_hold_in_every_state() {
    for (world, left) in WORLDS {
        let checker = Protocol {
            rules: Rules::ALL,
            left,
        }
        .checker();
        let checker = checker.threads(1).spawn_bfs().join();
        println!(
            "{world}: {} states, {} edges, depth {}, {left:?}",
            checker.unique_state_count(),
            checker.state_count() - 1,
            checker.max_depth()
        );
        for (promise, _) in ALWAYS {
            let way = checker.discovery(promise).map(|path| path.into_actions());
            assert_eq!(way, None, "{world}: {promise}");
        }
    }
}

#[test]
fn promise_3_holds_from_every_state() {
    let mut met = HashSet::new();
    for (world, left) in WORLDS {
        let graph = Graph::of(&Protocol {
            rules: Rules::ALL,
            left,
        });
        met.extend(graph.states.iter().map(|it| it.row.state));
        let unending = graph.unending();
        let broken = unending.stuck.first().or(unending.fair_cycles.first());
        let way = broken.map(|it| graph.way_to(*it));
        assert_eq!(way, None, "{world}: no end behind this");
    }
    let missed = State::ALL.iter().filter(|it| !met.contains(it));
    assert!(missed.eq([&State::Held]), "every other state is met");
}

/// What is switched off, what may happen meanwhile, and which promise that breaks.
#[test]
fn without_its_parts_a_promise_of_a_state_breaks() {
    const ALL: Rules = Rules::ALL;
    #[rustfmt::skip]
    let table = [
        ("no fence", Rules { fence: Fence::None, ..ALL }, CANCEL, NOTHING_LEFT),
        ("only a foreign key", Rules { fence: Fence::ForeignKey, ..ALL }, CANCEL, NOTHING_LEFT),
        ("no receipt", Rules { receipt: false, ..ALL }, Left { queue: 2, ..NONE }, KEPT),
        ("no receipt and no key", Rules { receipt: false, primary_key: false, ..ALL }, Left { queue: 1, ..NONE }, EACH_ONCE),
        ("no goal", Rules { goal: false, ..ALL }, Left { deletes: 1, ..CANCEL }, WISH_KEPT),
    ];
    for (part, rules, left, promise) in table {
        let way = broken(Protocol { rules, left }, promise);
        println!(
            "{part}: {promise}, {:?} steps: {way:?}",
            way.as_ref().map(Vec::len)
        );
        assert!(way.is_some(), "{part} does not break: {promise}");
        assert_eq!(
            broken(Protocol { rules: ALL, left }, promise),
            None,
            "{part}"
        );
    }
}

/// The same for promise 3: without the part there are states with no way to an end.
#[test]
fn without_its_parts_promise_3_breaks() {
    const ALL: Rules = Rules::ALL;
    const CRASH: Left = Left { crashes: 1, ..NONE };
    #[rustfmt::skip]
    let table = [
        ("no token answer", Rules { token_answer: false, ..ALL }, NONE),
        ("no reconcile", Rules { reconcile: false, ..ALL }, CRASH),
        ("no end of silent workers", Rules { end_silent_workers: false, ..ALL }, CRASH),
        ("no second handing out", Rules { hand_out_again: false, ..ALL }, Left { queue: 1, ..NONE }),
    ];
    for (part, rules, left) in table {
        let graph = Graph::of(&Protocol { rules, left });
        // An upload that never comes is not worth a story.
        let begun = |it: &&u32| graph.states[**it as usize].row.state != State::AwaitingUpload;
        let stuck = graph.unending().stuck;
        let way = stuck.iter().find(begun).map(|it| graph.way_to(*it));
        println!(
            "{part}: promise 3, {:?} steps: {way:?}",
            way.as_ref().map(Vec::len)
        );
        assert!(way.is_some(), "{part} does not break promise 3");
        let whole = Graph::of(&Protocol { rules: ALL, left });
        assert_eq!(whole.unending(), Unending::NOWHERE, "{part}");
    }
}
