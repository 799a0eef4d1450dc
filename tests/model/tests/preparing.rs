//! Preparing, searched completely, and what its parts are for.

use model::preparing::{ALL, NEVER_STUCK, NOTHING_LEFT, ONCE, Phase, Preparing, Rules, WHOLE};
use stateright::{Checker, Model, StateRecorder};

const CRASHES: u8 = 3;

fn world(rules: Rules) -> Preparing {
    Preparing {
        rules,
        crashes: CRASHES,
        cancels: 1,
    }
}

#[test]
fn what_is_prepared_is_whole_once_and_gone_in_the_end() {
    let (recorder, states) = StateRecorder::new_with_accessor();
    let checker = world(ALL).checker().threads(1).visitor(recorder);
    let checker = checker.spawn_bfs().join();
    for promise in [WHOLE, ONCE, NOTHING_LEFT, NEVER_STUCK] {
        let way = checker.discovery(promise).map(|path| path.into_actions());
        assert_eq!(way, None, "{promise}");
    }
    let (count, steps) = (checker.unique_state_count(), checker.state_count() - 1);
    println!("preparing: {count} states, {steps} steps");
    let states = states();
    // Situations that the promises are about.
    let met = |what: &str, is: &dyn Fn(&model::preparing::World) -> bool| {
        assert!(states.iter().any(is), "never met: {what}");
    };
    met("completed by the second run, after every fault", &|it| {
        it.phase == Phase::Completed && it.whole == Some(2) && it.crashes == 0
    });
    met("cancelled after it was read", &|it| {
        it.phase == Phase::Cancelled && it.whole.is_some()
    });
    met("two uploads of a run at once", &|it| {
        it.stored[0].uploads.iter().all(Option::is_some)
    });
    met(
        "an upload that was begun after its import was cancelled",
        &|it| {
            let is_open = it.stored.iter().any(|it| it.uploads[0].is_some());
            it.phase == Phase::Cancelled && !it.swept && is_open
        },
    );
}

/// Checks that a promise is broken without a part.
fn must_break(part: &str, rules: Rules, promise: &'static str) {
    let checker = world(rules).checker().threads(1).spawn_bfs().join();
    let way = checker.discovery(promise).map(|path| path.into_actions());
    println!("{part}: {promise}: {way:?}");
    assert!(way.is_some(), "{part} does not break: {promise}");
}

#[test]
fn a_key_that_is_stored_too_late() {
    let rules = Rules {
        key_first: false,
        ..ALL
    };
    must_break("key_first", rules, NOTHING_LEFT);
}

#[test]
fn no_sweep() {
    let rules = Rules {
        sweeps: false,
        ..ALL
    };
    must_break("sweeps", rules, NOTHING_LEFT);
}
