//! The strongly connected components of a graph (Tarjan), without recursion.

/// The components, each after all components that it leads to, of a graph with this many nodes and
/// these edges: the target of each, and something else.
pub fn components<'g, E: 'g>(
    nodes: usize,
    edges_of: impl Fn(u32) -> &'g [(u32, E)],
) -> Vec<Vec<u32>> {
    let mut search = Search::new(nodes);
    for root in 0..nodes as u32 {
        if search.index[root as usize] == 0 {
            search.from(root, &edges_of);
        }
    }
    search.components
}

/// The state of Tarjan's search.
struct Search {
    /// The order in which the nodes were met, from 1; 0 for a node that was not met yet.
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

    fn from<'g, E: 'g>(&mut self, root: u32, edges_of: &impl Fn(u32) -> &'g [(u32, E)]) {
        let mut path = vec![(root, 0)];
        self.meet(root);
        while let Some((node, edge)) = path.last_mut() {
            let node = *node;
            let Some((target, _)) = edges_of(node).get(*edge) else {
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
