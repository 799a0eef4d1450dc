//! The promises, checked in everything that can happen, world by world. The figures of
//! docs/model.md are printed by `cargo test -p model -- --nocapture`.

use std::time::Instant;

use domain::import::State;
use model::Protocol;
use model::graph::Graph;
use model::meetings::MEETINGS;
use model::promises::ALWAYS;
use model::rules::Rules;
use model::system::Left;
use model::worlds;
use stateright::{Checker, Model};

/// Checks that every promise holds in a world, and that the world is large enough to show it.
fn holds(world: &str, left: Left, states_at_least: usize) {
    let begun = Instant::now();
    let protocol = Protocol {
        rules: Rules::ALL,
        left,
    };
    let states = promises_1_and_2(world, protocol.clone());
    let graph = Graph::of(&protocol);
    promise_3(world, &graph);
    assert_eq!(states, graph.states.len(), "{world}: the searches differ");
    assert!(states >= states_at_least, "{world}: only {states} states");
    for meeting in MEETINGS.iter().filter(|it| (it.expected)(&left)) {
        let met = graph.states.iter().any(|it| (meeting.met)(&left, it));
        assert!(met, "{world}: never met: {}", meeting.name);
    }
    println!("{world}: {:?}, {left:?}", begun.elapsed());
}

/// Checks promises 1 and 2 in all states. Returns the number of states.
fn promises_1_and_2(world: &str, protocol: Protocol) -> usize {
    let checker = protocol.checker().threads(1).spawn_bfs().join();
    for (promise, _) in ALWAYS {
        let way = checker.discovery(promise).map(|path| path.into_actions());
        assert_eq!(way, None, "{world}: {promise}");
    }
    let (states, steps) = (checker.unique_state_count(), checker.state_count() - 1);
    println!("{world}: {states} states, {steps} steps");
    states
}

fn promise_3(world: &str, graph: &Graph) {
    let unending = graph.unending();
    let broken = unending.stuck.first().or(unending.fair_cycles.first());
    let way = broken.map(|it| graph.way_to(*it));
    assert_eq!(way, None, "{world}: no end can be reached after this");
}

#[test]
fn base() {
    holds("base", worlds::BASE, 1_500_000);
}

#[test]
fn crashes() {
    holds("crashes", worlds::CRASHES, 100_000);
}

#[test]
fn more_crashes() {
    holds("more crashes", worlds::MORE_CRASHES, 100_000);
}

#[test]
fn messages() {
    holds("messages", worlds::MESSAGES, 350_000);
}

#[test]
fn late() {
    holds("late", worlds::LATE, 400_000);
}

#[test]
fn late_and_crashes() {
    holds("late and crashes", worlds::LATE_AND_CRASHES, 120_000);
}

#[test]
fn late_and_messages() {
    holds("late and messages", worlds::LATE_AND_MESSAGES, 40_000);
}

#[test]
fn slow() {
    holds("slow", worlds::SLOW, 350_000);
}

#[test]
fn slow_and_crashes() {
    holds("slow and crashes", worlds::SLOW_AND_CRASHES, 300_000);
}

#[test]
fn slow_and_messages() {
    holds("slow and messages", worlds::SLOW_AND_MESSAGES, 100_000);
}

#[test]
fn slow_and_late() {
    holds("slow and late", worlds::SLOW_AND_LATE, 150_000);
}

#[test]
fn held() {
    holds("held", worlds::HELD, 300_000);
}

#[test]
fn held_and_messages() {
    holds("held and messages", worlds::HELD_AND_MESSAGES, 250_000);
}

#[test]
fn swaps_and_crashes() {
    holds("swaps and crashes", worlds::SWAPS_AND_CRASHES, 250_000);
}

#[test]
fn swaps_and_messages() {
    holds("swaps and messages", worlds::SWAPS_AND_MESSAGES, 15_000);
}

#[test]
fn swaps_late_and_slow() {
    holds("swaps, late and slow", worlds::SWAPS_LATE_AND_SLOW, 400_000);
}

#[test]
fn validated() {
    holds("validated", worlds::VALIDATED, 100_000);
}

#[test]
fn retried() {
    holds("retried", worlds::RETRIED, 100_000);
}

#[test]
fn copied_twice() {
    holds("copied twice", worlds::COPIED_TWICE, 100_000);
}

#[test]
fn crowded() {
    holds("crowded", worlds::CROWDED, 200_000);
}

#[test]
fn crowded_and_messages() {
    holds(
        "crowded and messages",
        worlds::CROWDED_AND_MESSAGES,
        300_000,
    );
}

/// The model reaches every state of an import.
#[test]
fn every_state_is_met() {
    let met = |left| {
        let graph = Graph::of(&Protocol {
            rules: Rules::ALL,
            left,
        });
        let states = graph.states.into_iter().map(|it| it.row.state);
        states.collect::<std::collections::HashSet<State>>()
    };
    let commands = Left {
        crashes: 1,
        ..worlds::COMMANDS
    };
    let mut all = met(worlds::HELD_AND_MESSAGES);
    all.extend(met(commands));
    all.extend(met(worlds::VALIDATED));
    let missed = State::ALL.iter().filter(|it| !all.contains(it));
    assert_eq!(missed.count(), 0);
}
