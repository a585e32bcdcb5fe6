//! The walk over two documents.

use std::collections::HashSet;
use std::fmt;

use serde_json::Value;

use super::node::{Node, names_of_both};
use super::rule::{self, Direction, Rule, Verdict};

/// A change, and what it is to clients.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// JSON pointer (RFC 6901) into the new document, or into the old one for what is gone.
    pub pointer: String,
    /// What kind of change it is.
    pub rule: Rule,
    /// What exactly changed, and in which direction; may be empty.
    pub detail: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.rule.verdict {
            Verdict::Breaking => "BREAKING  ",
            Verdict::Compatible => "compatible",
        };
        let space = if self.detail.is_empty() { "" } else { " " };
        write!(
            f,
            "{verdict}  {}\n    {}{space}{}: {}",
            self.pointer, self.rule.what, self.detail, self.rule.reason
        )
    }
}

/// The changes so far, and which schemas were compared.
#[derive(Default)]
pub struct Comparison {
    changes: Vec<Change>,
    compared: HashSet<(String, String, Direction)>,
}

impl Comparison {
    /// Every change from an old document to a new one.
    pub fn between(old: &Value, new: &Value) -> Vec<Change> {
        let mut comparison = Self::default();
        comparison.document(&Node::root(old), &Node::root(new));
        comparison.changes
    }

    fn document(&mut self, old: &Node, new: &Node) {
        for name in names_of_both(old, new) {
            let (old, new) = (old.child(name), new.child(name));
            match name {
                "info" => self.info(&old, &new),
                "tags" | "externalDocs" => self.changed(rule::PROSE, &old, &new),
                "servers" => self.changed(rule::SERVERS, &old, &new),
                "security" => self.changed(rule::SECURITY, &old, &new),
                "paths" => self.paths(&old, &new),
                // After the operations, which determine in which direction a schema is used.
                "components" => {}
                name => self.other(name, &old, &new),
            }
        }
        self.components(&old.child("components"), &new.child("components"));
    }

    fn info(&mut self, old: &Node, new: &Node) {
        for name in names_of_both(old, new) {
            self.changed(rule::PROSE, &old.child(name), &new.child(name));
        }
    }

    fn components(&mut self, old: &Node, new: &Node) {
        for section in names_of_both(old, new) {
            let (old, new) = (old.child(section), new.child(section));
            match section {
                "schemas" => self.schemas(&old, &new),
                "securitySchemes" => self.security_schemes(&old, &new),
                section => self.other(section, &old, &new),
            }
        }
    }

    fn schemas(&mut self, old: &Node, new: &Node) {
        for name in names_of_both(old, new) {
            let (old, new) = (old.child(name), new.child(name));
            let used = |compared: &(String, String, Direction)| {
                compared.0 == old.pointer && compared.1 == new.pointer
            };
            if !old.exists() {
                self.note(rule::COMPONENT_ADDED, &new.pointer, "");
            } else if !new.exists() {
                self.note(rule::COMPONENT_REMOVED, &old.pointer, "");
            } else if !self.compared.iter().any(used) {
                // No operation uses it, but generated clients have a type for it.
                self.schema(&old, &new, Direction::Request);
                self.schema(&old, &new, Direction::Response);
            }
        }
    }

    fn security_schemes(&mut self, old: &Node, new: &Node) {
        for name in names_of_both(old, new) {
            let (old, new) = (old.child(name), new.child(name));
            let rule = if old.exists() {
                rule::SECURITY
            } else {
                rule::SECURITY_SCHEME_ADDED
            };
            self.changed(rule, &old, &new);
        }
    }

    /// Notes that the order of what both have changed.
    pub fn order(&mut self, old: &[&str], new: &[&str], pointer: &str) {
        let common = |list: &[&str], other: &[&str]| -> Vec<String> {
            list.iter()
                .filter(|name| other.contains(name))
                .map(ToString::to_string)
                .collect()
        };
        if common(old, new) != common(new, old) {
            self.note(rule::ORDER, pointer, "");
        }
    }

    /// Notes a change if the two differ.
    pub fn changed(&mut self, rule: Rule, old: &Node, new: &Node) {
        if old.value != new.value {
            let detail = if rule == rule::PROSE {
                String::new()
            } else {
                old_and_new(old.value, new.value)
            };
            self.note(rule, place(old, new), &detail);
        }
    }

    /// Notes a change of a member that has no rule of its own, if there is one.
    pub fn other(&mut self, name: &str, old: &Node, new: &Node) {
        let rule = match (name.starts_with("x-"), old.exists()) {
            (true, false) => rule::EXTENSION_ADDED,
            (true, true) => rule::EXTENSION,
            (false, _) => rule::UNKNOWN,
        };
        self.changed(rule, old, new);
    }

    /// Notes a change.
    pub fn note(&mut self, rule: Rule, pointer: &str, detail: &str) {
        let change = Change {
            pointer: pointer.to_string(),
            rule,
            detail: detail.to_string(),
        };
        // A place that is reached in two ways is reported once.
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    /// Whether a pair of schemas is met for the first time in this direction; each is walked once, also a recursive one.
    pub fn is_first_visit(&mut self, old: &Node, new: &Node, direction: Direction) -> bool {
        self.compared
            .insert((old.pointer.clone(), new.pointer.clone(), direction))
    }
}

/// Where a reader looks for a change: in the new document, unless it is gone from there.
pub fn place<'a>(old: &'a Node, new: &'a Node) -> &'a str {
    if new.exists() {
        &new.pointer
    } else {
        &old.pointer
    }
}

/// Old and new value in words, where they are short.
pub fn old_and_new(old: &Value, new: &Value) -> String {
    let word = |value: &Value| {
        if value.is_null() {
            "absent".to_string()
        } else {
            value.to_string()
        }
    };
    let text = format!("({} -> {})", word(old), word(new));
    if text.len() <= 160 {
        text
    } else {
        String::new()
    }
}
