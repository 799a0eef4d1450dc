//! A model of how an import is stopped and rolled back: every order, within bounds, in which its
//! processes can step and die and its user can give commands. docs/model.md says what is modelled
//! and what is proved.

pub mod action;
pub mod components;
pub mod conductor;
pub mod dropping;
pub mod end;
pub mod graph;
pub mod happen;
pub mod meetings;
pub mod planner;
pub mod possible;
pub mod preparing;
pub mod processes;
pub mod promises;
pub mod row;
pub mod rules;
pub mod steps;
pub mod system;
pub mod user;
pub mod view;
pub mod worker;
pub mod worlds;

use stateright::{Model, Property};

use action::Action;
use rules::Rules;
use system::{Left, System};

/// The protocol under some rules, with the faults and the user's actions that may happen.
#[derive(Clone, Debug)]
pub struct Protocol {
    pub rules: Rules,
    pub left: Left,
}

impl Model for Protocol {
    type State = System;
    type Action = Action;

    fn init_states(&self) -> Vec<System> {
        vec![System::new(self.left)]
    }

    fn actions(&self, state: &System, actions: &mut Vec<Action>) {
        state.actions(&self.rules, actions);
    }

    /// `None` if the action changes nothing.
    fn next_state(&self, last: &System, action: Action) -> Option<System> {
        let mut next = *last;
        next.happen(action, &self.rules);
        (next != *last).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let always = promises::ALWAYS;
        always
            .map(|(name, holds)| Property::always(name, holds))
            .into()
    }
}
