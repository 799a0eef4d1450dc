//! Dropping a dataset, searched completely, and what the parts of it are for.

use model::dropping::{
    ALL, Action, Dropping, Entry, KEPT, NEVER_STUCK, NO_FAILURE, NOT_SEEN, NOTHING_LEFT, Phase,
    Rules, Worker, World,
};
use stateright::{Checker, HasDiscoveries, Model, StateRecorder};

fn world(rules: Rules) -> Dropping {
    Dropping {
        rules,
        crashes: 1,
        drops: 2,
        deletes: 1,
    }
}

#[test]
fn what_is_dropped_is_gone_and_a_later_dataset_of_its_name_keeps_its_rows() {
    let (recorder, states) = StateRecorder::new_with_accessor();
    let checker = world(ALL).checker().threads(1).visitor(recorder);
    let checker = checker.spawn_bfs().join();
    for promise in [NOT_SEEN, NOTHING_LEFT, KEPT, NO_FAILURE, NEVER_STUCK] {
        let way = checker.discovery(promise).map(|path| path.into_actions());
        assert_eq!(way, None, "{promise}");
    }
    let (count, steps) = (checker.unique_state_count(), checker.state_count() - 1);
    println!("dropping: {count} states, {steps} steps");
    let states = states();
    // Situations that the promises are about.
    let met = |what: &str, is: &dyn Fn(&World) -> bool| {
        assert!(states.iter().any(is), "never met: {what}");
    };
    met("a late worker of the first, a row of the second", &|it| {
        let second = it.imports.iter().flatten().find(|it| it.dataset == 1);
        let completed = second.is_some_and(|it| it.phase == Phase::Completed);
        let late = it.workers.iter().any(|worker| {
            let Worker::Copied(index) = worker else {
                return false;
            };
            let import = it.imports[*index].expect("it is there");
            import.dataset == 0 && import.phase == Phase::Deleted
        });
        completed && late
    });
    met("rows of the first while the second has its own", &|it| {
        let row = |dataset| {
            let mut imports = it.imports.iter().flatten();
            imports.any(|it| it.dataset == dataset && it.row)
        };
        it.datasets[0].entry == Entry::Marked && row(0) && row(1)
    });
    met("both are gone, after every fault", &|it| {
        it.datasets.iter().all(|it| it.entry == Entry::Gone) && it.crashes == 0
    });
    met(
        "an import that was found before the mark, and was not created",
        &|it| it.found == Some(0) && it.datasets[0].entry != Entry::Live,
    );
    met("an import that never had a table", &|it| {
        let deleted = |import: &model::dropping::Import| import.phase == Phase::Deleted;
        !it.datasets[0].table && it.imports.iter().flatten().any(deleted)
    });
}

/// A path of at most `steps` steps to a state in which a promise does not hold.
fn way(rules: Rules, promise: &'static str, steps: usize) -> Option<Vec<Action>> {
    let found = HasDiscoveries::AllOf([promise].into());
    let checker = world(rules).checker().threads(1).finish_when(found);
    let checker = checker.target_max_depth(steps + 2).spawn_bfs().join();
    checker.discovery(promise).map(|path| path.into_actions())
}

/// Checks that a promise is broken without a part, and looks for the shortest way to that.
fn must_break(part: &str, rules: Rules, promise: &'static str) {
    let mut shortest = way(rules, promise, 1000);
    while let Some(shorter) = shortest
        .as_ref()
        .and_then(|it| way(rules, promise, it.len().checked_sub(1)?))
    {
        shortest = Some(shorter);
    }
    let way = shortest;
    let steps = way.as_ref().map(Vec::len);
    println!("{part}: {promise}, {steps:?} steps: {way:?}");
    assert!(way.is_some(), "{part} does not break: {promise}");
}

#[test]
fn imports_are_deleted_before_the_mark() {
    let rules = Rules {
        one_commit: false,
        ..ALL
    };
    must_break("one commit", rules, NOT_SEEN);
}

#[test]
fn an_import_is_created_of_what_was_found() {
    let rules = Rules {
        admits_live: false,
        ..ALL
    };
    must_break("only of a live one", rules, NOT_SEEN);
}

#[test]
fn rows_are_looked_for_by_the_name() {
    let rules = Rules {
        by_id: false,
        ..ALL
    };
    must_break("by its id", rules, NOTHING_LEFT);
}

#[test]
fn no_wait_for_rollbacks() {
    let rules = Rules {
        waits_for_rollbacks: false,
        ..ALL
    };
    must_break("waits for rollbacks", rules, NEVER_STUCK);
}

#[test]
fn no_wait_for_sweeps() {
    let rules = Rules {
        waits_for_sweeps: false,
        ..ALL
    };
    must_break("waits for sweeps", rules, NO_FAILURE);
}
