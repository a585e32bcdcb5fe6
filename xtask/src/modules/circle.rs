//! Circles in a directed graph.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The nodes of a graph, and for each the nodes that it leads to.
pub type Edges<N> = BTreeMap<N, BTreeSet<N>>;

/// The strongly connected components of more than one node.
pub fn components<N: Clone + Ord>(edges: &Edges<N>) -> Vec<BTreeSet<N>> {
    let reachable: BTreeMap<&N, BTreeSet<&N>> = edges
        .keys()
        .map(|node| (node, reachable(edges, node)))
        .collect();
    let mut found: Vec<BTreeSet<N>> = Vec::new();
    for (node, others) in &reachable {
        if found.iter().any(|component| component.contains(*node)) {
            continue;
        }
        let mutual = others
            .iter()
            .filter(|other| reachable[*other].contains(node));
        let component: BTreeSet<N> = mutual.map(|other| (*other).clone()).collect();
        if component.len() > 1 {
            found.push(component);
        }
    }
    found
}

/// A shortest circle through nodes of a component; its first node is also its last.
pub fn shortest<N: Clone + Ord>(edges: &Edges<N>, component: &BTreeSet<N>) -> Vec<N> {
    let circles = component
        .iter()
        .filter_map(|node| circle_through(edges, node));
    circles.min_by_key(Vec::len).unwrap_or_default()
}

fn reachable<'e, N: Ord>(edges: &'e Edges<N>, node: &N) -> BTreeSet<&'e N> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&N> = edges.get(node).into_iter().flatten().collect();
    while let Some(next) = waiting.pop() {
        if reached.insert(next) {
            waiting.extend(edges.get(next).into_iter().flatten());
        }
    }
    reached
}

/// The shortest way from a node back to itself.
fn circle_through<N: Clone + Ord>(edges: &Edges<N>, node: &N) -> Option<Vec<N>> {
    let mut came_from: BTreeMap<&N, &N> = BTreeMap::new();
    let mut waiting = VecDeque::from([node]);
    while let Some(at) = waiting.pop_front() {
        for next in edges.get(at).into_iter().flatten() {
            if came_from.contains_key(next) {
                continue;
            }
            came_from.insert(next, at);
            if next == node {
                return Some(way_back(&came_from, node));
            }
            waiting.push_back(next);
        }
    }
    None
}

fn way_back<N: Clone + Ord>(came_from: &BTreeMap<&N, &N>, node: &N) -> Vec<N> {
    let mut way = vec![node.clone()];
    let mut at = came_from[node];
    while at != node {
        way.push(at.clone());
        at = came_from[at];
    }
    way.push(node.clone());
    way.reverse();
    way
}
