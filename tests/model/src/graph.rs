//! Promise 3. No property of a single state can express it, so it has a search of its own over the
//! whole graph, along the edges of what happens by itself. A property of stateright that something
//! happens eventually would ignore cycles without a word.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use stateright::Model;

use crate::Protocol;
use crate::action::{Action, Label};
use crate::components::components;
use crate::system::System;

/// Every reachable state, in the order of the fewest steps to it.
pub struct Graph {
    pub states: Vec<System>,
    /// How each state was reached first.
    from: Vec<(u32, Action)>,
    /// The place in `edges` where the edges of each state begin.
    first: Vec<u32>,
    /// The fault-free edges: the target, and the number of the label.
    edges: Vec<(u32, u16)>,
}

/// The states in which promise 3 is broken, those reached in the fewest steps first.
#[derive(Debug, PartialEq, Eq)]
pub struct Unending {
    /// From these, without further faults, no end can be reached at all.
    pub stuck: Vec<u32>,
    /// A cycle begins in these that can go on for ever, although no step that stays possible is
    /// left out for ever.
    pub fair_cycles: Vec<u32>,
}

impl Unending {
    /// Promise 3 holds.
    pub const NOWHERE: Self = Self {
        stuck: Vec::new(),
        fair_cycles: Vec::new(),
    };
}

impl Graph {
    /// Searches everything that can happen.
    pub fn of(protocol: &Protocol) -> Self {
        let mut graph = Self {
            states: Vec::new(),
            from: Vec::new(),
            first: Vec::new(),
            edges: Vec::new(),
        };
        let mut known = HashMap::new();
        let mut labels = HashMap::new();
        for state in protocol.init_states() {
            graph.reach(&mut known, state, (0, Action::Look));
        }
        let mut next = 0;
        while next < graph.states.len() {
            graph.expand(protocol, &mut known, &mut labels, next);
            next += 1;
        }
        graph.first.push(graph.edges.len() as u32);
        graph
    }

    fn reach(&mut self, known: &mut HashMap<u64, u32>, state: System, from: (u32, Action)) -> u32 {
        let mut hasher = DefaultHasher::new();
        state.hash(&mut hasher);
        *known.entry(hasher.finish()).or_insert_with(|| {
            self.states.push(state);
            self.from.push(from);
            self.states.len() as u32 - 1
        })
    }

    fn expand(
        &mut self,
        protocol: &Protocol,
        known: &mut HashMap<u64, u32>,
        labels: &mut HashMap<Label, u16>,
        node: usize,
    ) {
        self.first.push(self.edges.len() as u32);
        let state = self.states[node];
        let mut actions = Vec::new();
        protocol.actions(&state, &mut actions);
        for action in actions {
            let Some(next) = protocol.next_state(&state, action) else {
                continue;
            };
            let target = self.reach(known, next, (node as u32, action));
            if action.is_fault_free() && !state.row.state.is_end() && state.left == next.left {
                let fresh = labels.len() as u16;
                let label = *labels.entry(state.label(action)).or_insert(fresh);
                self.edges.push((target, label));
            }
        }
    }

    /// What happens by itself in a state: each target, and the number of the label.
    pub fn edges_of(&self, node: u32) -> &[(u32, u16)] {
        let (node, end) = (node as usize, node as usize + 1);
        &self.edges[self.first[node] as usize..self.first[end] as usize]
    }

    /// The fewest steps to a state.
    pub fn way_to(&self, node: u32) -> Vec<Action> {
        let mut way = Vec::new();
        let mut node = node;
        while node > 0 {
            let (before, action) = self.from[node as usize];
            way.push(action);
            node = before;
        }
        way.reverse();
        way
    }

    /// Looks for what breaks promise 3, component by component: a component is reached only after
    /// everything it leads to.
    pub fn unending(&self) -> Unending {
        let mut of_node = vec![u32::MAX; self.states.len()];
        let mut may_end = Vec::new();
        let (mut stuck, mut cycles) = (Vec::new(), Vec::new());
        for component in components(self.states.len(), |it| self.edges_of(it)) {
            let number = may_end.len() as u32;
            for node in &component {
                of_node[*node as usize] = number;
            }
            let ends = self.states[component[0] as usize].row.state.is_end();
            let targets = component.iter().flat_map(|it| self.edges_of(*it));
            let mut targets = targets.map(|(target, _)| of_node[*target as usize]);
            may_end.push(ends || targets.any(|it| it != number && may_end[it as usize]));
            if !may_end[number as usize] {
                stuck.extend(&component);
            }
            if component.len() > 1 && self.is_fair(&component, &of_node, number) {
                cycles.extend(component.iter().min());
            }
        }
        stuck.sort_unstable();
        cycles.sort_unstable();
        Unending {
            stuck,
            fair_cycles: cycles,
        }
    }

    /// Whether the import may stay in a component for ever in a fair way: every kind of step that
    /// is possible in all its states is taken in one of them.
    fn is_fair(&self, component: &[u32], of_node: &[u32], number: u32) -> bool {
        let mut taken = HashSet::new();
        let mut always: Option<HashSet<u16>> = None;
        for node in component {
            let edges = self.edges_of(*node);
            let stays = |it: &&(u32, u16)| of_node[it.0 as usize] == number;
            taken.extend(edges.iter().filter(stays).map(|it| it.1));
            let enabled: HashSet<u16> = edges.iter().map(|it| it.1).collect();
            always = Some(match always {
                None => enabled,
                Some(always) => always.intersection(&enabled).copied().collect(),
            });
        }
        always.unwrap_or_default().is_subset(&taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::NONE;

    /// States 0, 1, … with edges between them; the last state is an end.
    fn graph(edges: &[&[(u32, u16)]]) -> Graph {
        let begun = System::new(NONE);
        let mut graph = Graph {
            states: vec![begun; edges.len()],
            from: Vec::new(),
            first: vec![0],
            edges: edges.concat(),
        };
        graph.states[edges.len() - 1].row.state = domain::import::State::Completed;
        for edges in edges {
            graph
                .first
                .push(graph.first[graph.first.len() - 1] + edges.len() as u32);
        }
        graph
    }

    #[test]
    fn a_state_without_a_way_to_an_end_is_found() {
        let found = graph(&[&[(1, 0), (2, 1)], &[], &[]]).unending();
        assert_eq!((found.stuck, found.fair_cycles), (vec![1], vec![]));
    }

    #[test]
    fn a_cycle_ends_if_a_step_out_of_it_is_always_possible() {
        let always = graph(&[&[(1, 0), (2, 2)], &[(0, 1), (2, 2)], &[]]);
        assert_eq!(always.unending(), Unending::NOWHERE);
    }

    #[test]
    fn a_cycle_may_go_on_for_ever_if_the_step_out_of_it_is_only_sometimes_possible() {
        let now_and_then = graph(&[&[(1, 0)], &[(0, 1), (2, 2)], &[]]).unending();
        assert_eq!(
            (now_and_then.stuck, now_and_then.fair_cycles),
            (vec![], vec![0])
        );
    }
}
