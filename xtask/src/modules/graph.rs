//! Which file uses which.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::circle;
use super::import::Use;
use super::source::{Crate, Module, Name};

/// How many imports are followed from one module to the next before a name is given up as unknown.
const MAX_IMPORTS: usize = 16;

/// The files of a crate, and for each the files that it uses.
#[derive(Debug, Default)]
pub struct Graph {
    uses: BTreeMap<PathBuf, BTreeMap<PathBuf, Use>>,
}

impl Graph {
    /// The graph of a crate. Of several uses between two files the first is kept.
    pub fn of(krate: &Crate) -> Self {
        let mut graph = Self::default();
        for (name, module) in &krate.modules {
            graph.uses.entry(module.file.clone()).or_default();
            for import in &module.imports {
                let used = resolve(krate, name, &import.path.segments, MAX_IMPORTS);
                let is_below = |used: &Name| import.is_reexport && used.starts_with(name);
                if let Some(used) = used.filter(|used| !is_below(used)) {
                    graph.add(&module.file, &krate.modules[&used].file, &import.path);
                }
            }
            for path in &module.uses {
                if let Some(used) = resolve_in_code(krate, name, module, &path.segments) {
                    graph.add(&module.file, &krate.modules[&used].file, path);
                }
            }
        }
        graph
    }

    /// The number of files.
    pub fn files(&self) -> usize {
        self.uses.len()
    }

    /// The groups of files that use each other in circles.
    pub fn components(&self) -> Vec<BTreeSet<PathBuf>> {
        circle::components(&self.edges())
    }

    /// Describes a group: its files, its shortest circle, and with `edges` every use inside.
    pub fn report(&self, component: &BTreeSet<PathBuf>, root: &Path, edges: bool) -> String {
        let short = |path: &Path| {
            path.strip_prefix(root)
                .unwrap_or(path)
                .display()
                .to_string()
        };
        let line = |from: &Path, to: &Path| {
            let used = &self.uses[from][to];
            let (from, to, path) = (short(from), short(to), used.segments.join("::"));
            format!("    {from}:{}: {path} (in {to})\n", used.line)
        };
        let mut report = format!("  {} files form a dependency cycle:\n", component.len());
        for file in component {
            let _ = writeln!(report, "    {}", short(file));
        }
        report.push_str("  shortest cycle:\n");
        let shortest = circle::shortest(&self.edges(), component);
        for pair in shortest.windows(2) {
            report.push_str(&line(&pair[0], &pair[1]));
        }
        if edges {
            report.push_str("  all uses among them:\n");
            for from in component {
                let used = self.uses[from].keys();
                used.filter(|to| component.contains(*to))
                    .for_each(|to| report.push_str(&line(from, to)));
            }
        }
        report
    }

    fn add(&mut self, from: &Path, to: &Path, path: &Use) {
        if from != to {
            let used = self.uses.entry(from.to_path_buf()).or_default();
            used.entry(to.to_path_buf()).or_insert_with(|| path.clone());
        }
    }

    fn edges(&self) -> circle::Edges<PathBuf> {
        let edges = self.uses.iter();
        edges
            .map(|(from, to)| (from.clone(), to.keys().cloned().collect()))
            .collect()
    }
}

/// The module that defines what a path in code names, if it is one of this crate.
///
/// A path without `crate`, `self` or `super` begins with a child module or an imported name.
fn resolve_in_code(krate: &Crate, name: &Name, module: &Module, path: &[String]) -> Option<Name> {
    match path {
        [first, _, ..] if matches!(first.as_str(), "crate" | "self" | "super") => {
            resolve(krate, name, path, MAX_IMPORTS)
        }
        [first, rest @ ..] => {
            let is_child = !rest.is_empty() && krate.modules.contains_key(&child(name, first));
            let is_imported = module.imports.iter().any(|import| import.name == *first);
            let begins_type = first.starts_with(char::is_uppercase);
            let is_named = is_imported && (begins_type || !rest.is_empty());
            (is_child || is_named)
                .then(|| resolve(krate, name, path, MAX_IMPORTS))
                .flatten()
        }
        [] => None,
    }
}

/// The module that defines the item of a path, seen from a module.
fn resolve(krate: &Crate, from: &Name, path: &[String], imports: usize) -> Option<Name> {
    let (mut at, mut rest) = match path.first()?.as_str() {
        "crate" => (Name::new(), &path[1..]),
        "self" => (from.clone(), &path[1..]),
        "super" => (from.split_last()?.1.to_vec(), &path[1..]),
        first => {
            let module = &krate.modules[from];
            let is_known = krate.modules.contains_key(&child(from, first))
                || module.items.contains(first)
                || module
                    .imports
                    .iter()
                    .any(|import| import.name == first && import.path.segments != path[..1]);
            if !is_known {
                return None;
            }
            (from.clone(), path)
        }
    };
    while let [first, after @ ..] = rest {
        if first == "super" {
            at.pop()?;
        } else if krate.modules.contains_key(&child(&at, first)) {
            at.push(first.clone());
        } else {
            return item(krate, &at, rest, imports);
        }
        rest = after;
    }
    Some(at)
}

/// The module that defines an item of a module: itself, or where its imports lead to.
fn item(krate: &Crate, at: &Name, rest: &[String], imports: usize) -> Option<Name> {
    let module = &krate.modules[at];
    let name = rest.first()?;
    let imports = imports.checked_sub(1)?;
    if module.items.contains(name) {
        return Some(at.clone());
    }
    if let Some(import) = module.imports.iter().find(|import| import.name == *name) {
        let path = [import.path.segments.as_slice(), &rest[1..]].concat();
        // A name that another crate defines is used from that crate, not from the module.
        return resolve(krate, at, &path, imports);
    }
    let mut globs = module.imports.iter().filter(|import| import.name == "*");
    let through_glob = globs.find_map(|import| {
        let used = resolve(krate, at, &import.path.segments, imports)?;
        let path = [used.as_slice(), rest].concat();
        let defines = krate.modules[&used].items.contains(name)
            || krate.modules[&used]
                .imports
                .iter()
                .any(|import| import.name == *name || import.name == "*");
        let path = [&["crate".to_string()], path.as_slice()].concat();
        (used != *at && defines)
            .then(|| resolve(krate, at, &path, imports))
            .flatten()
    });
    let exported = at
        .is_empty()
        .then(|| krate.macros.get(name).cloned())
        .flatten();
    Some(through_glob.or(exported).unwrap_or_else(|| at.clone()))
}

fn child(parent: &Name, name: &str) -> Name {
    [parent.as_slice(), &[name.to_string()]].concat()
}
