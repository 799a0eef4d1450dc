//! Promise 3, which no property of a single state can say: a search of its own over the whole
//! graph, along the edges of what happens by itself. A property that something happens eventually
//! would pass over cycles in silence.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use stateright::Model;

use crate::Protocol;
use crate::action::{Action, Label};
use crate::system::System;

/// Every reachable state, in the order of the fewest steps to it.
pub struct Graph {
    pub states: Vec<System>,
    /// How each was reached first.
    from: Vec<(u32, Action)>,
    /// Where the fault-free edges of each begin, and these.
    first: Vec<u32>,
    edges: Vec<(u32, u16)>,
}

/// Where promise 3 is broken, if it is: states, those reached in the fewest steps first.
#[derive(Debug, PartialEq, Eq)]
pub struct Unending {
    /// From these, without further faults, no end can be reached at all.
    pub stuck: Vec<u32>,
    /// In these a cycle begins that goes on for ever although everything that can go on does.
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
    /// Looks through all that can happen.
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

    fn edges_of(&self, node: u32) -> &[(u32, u16)] {
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
        for component in self.components() {
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

    /// Whether a run may stay in a component for ever and yet be fair: nothing that could go on
    /// all the while never does.
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

    /// The strongly connected components (Tarjan), without recursion.
    fn components(&self) -> Vec<Vec<u32>> {
        let mut search = Search::new(self.states.len());
        for root in 0..self.states.len() as u32 {
            if search.index[root as usize] == 0 {
                search.from(self, root);
            }
        }
        search.components
    }
}

/// Where Tarjan's search stands.
struct Search {
    /// 1 for the first that was met; 0: not met.
    index: Vec<u32>,
    low: Vec<u32>,
    open: Vec<bool>,
    stack: Vec<u32>,
    met: u32,
    components: Vec<Vec<u32>>,
}

impl Search {
    fn new(nodes: usize) -> Self {
        Self {
            index: vec![0; nodes],
            low: vec![0; nodes],
            open: vec![false; nodes],
            stack: Vec::new(),
            met: 0,
            components: Vec::new(),
        }
    }

    fn meet(&mut self, node: u32) {
        self.met += 1;
        self.index[node as usize] = self.met;
        self.low[node as usize] = self.met;
        self.open[node as usize] = true;
        self.stack.push(node);
    }

    fn from(&mut self, graph: &Graph, root: u32) {
        let mut path = vec![(root, 0)];
        self.meet(root);
        while let Some((node, edge)) = path.last_mut() {
            let node = *node;
            let Some((target, _)) = graph.edges_of(node).get(*edge) else {
                path.pop();
                self.close(node);
                if let Some((before, _)) = path.last() {
                    let before = *before as usize;
                    self.low[before] = self.low[before].min(self.low[node as usize]);
                }
                continue;
            };
            *edge += 1;
            if self.index[*target as usize] == 0 {
                self.meet(*target);
                path.push((*target, 0));
            } else if self.open[*target as usize] {
                let low = self.index[*target as usize];
                self.low[node as usize] = self.low[node as usize].min(low);
            }
        }
    }

    fn close(&mut self, node: u32) {
        if self.low[node as usize] != self.index[node as usize] {
            return;
        }
        let begin = self.stack.iter().rposition(|it| *it == node).unwrap_or(0);
        let component = self.stack.split_off(begin);
        for node in &component {
            self.open[*node as usize] = false;
        }
        self.components.push(component);
    }
}
