//! Paths, operations, and their requests and responses.

use super::comparison::{Comparison, old_and_new, place};
use super::node::{Node, names_of_both};
use super::rule::{self, Direction};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

impl Comparison {
    /// The document's paths.
    pub fn paths(&mut self, old: &Node, new: &Node) {
        self.order(&old.names(), &new.names(), &new.pointer);
        for name in names_of_both(old, new) {
            let (old, new) = (old.child(name), new.child(name));
            if !old.exists() {
                self.note(rule::PATH_ADDED, &new.pointer, "");
            } else if !new.exists() {
                self.note(rule::PATH_REMOVED, &old.pointer, "");
            } else {
                self.path(&old, &new);
            }
        }
    }

    fn path(&mut self, old: &Node, new: &Node) {
        for name in names_of_both(old, new) {
            let (old, new) = (old.child(name), new.child(name));
            match name {
                "summary" | "description" => self.changed(rule::PROSE, &old, &new),
                "parameters" => self.parameters(&old, &new),
                name if !METHODS.contains(&name) => self.other(name, &old, &new),
                _ if !old.exists() => self.note(rule::OPERATION_ADDED, &new.pointer, ""),
                _ if !new.exists() => self.note(rule::OPERATION_REMOVED, &old.pointer, ""),
                _ => self.operation(&old, &new),
            }
        }
    }

    fn operation(&mut self, old: &Node, new: &Node) {
        for name in names_of_both(old, new) {
            let (old, new) = (old.child(name), new.child(name));
            match name {
                "operationId" => self.changed(rule::OPERATION_ID, &old, &new),
                "tags" => self.changed(rule::TAGS, &old, &new),
                "summary" | "description" | "externalDocs" | "deprecated" => {
                    self.changed(rule::PROSE, &old, &new);
                }
                "security" => self.changed(rule::SECURITY, &old, &new),
                "servers" => self.changed(rule::SERVERS, &old, &new),
                "parameters" => self.parameters(&old, &new),
                "requestBody" => self.request_body(&old, &new),
                "responses" => self.responses(&old, &new),
                name => self.other(name, &old, &new),
            }
        }
    }

    fn parameters(&mut self, old: &Node, new: &Node) {
        let (before, mut after) = (by_name(old), by_name(new));
        self.order(&names(&before), &names(&after), &new.pointer);
        for (key, old) in &before {
            match after.iter().position(|(name, _)| name == key) {
                Some(index) => self.parameter(old, &after.remove(index).1),
                None => self.note(rule::PARAMETER_REMOVED, &old.pointer, key),
            }
        }
        for (key, node) in after {
            let required = node.child("required").is_true();
            let rule = if required {
                rule::REQUIRED_PARAMETER_ADDED
            } else {
                rule::PARAMETER_ADDED
            };
            self.note(rule, &node.pointer, &key);
        }
    }

    fn parameter(&mut self, old: &Node, new: &Node) {
        for name in names_of_both(old, new) {
            let (old, new) = (old.child(name), new.child(name));
            match name {
                "in" | "name" => {}
                "description" | "example" | "examples" | "deprecated" => {
                    self.changed(rule::PROSE, &old, &new);
                }
                "required" => self.required(
                    &old,
                    &new,
                    [rule::PARAMETER_REQUIRED, rule::PARAMETER_OPTIONAL],
                ),
                "schema" => self.schema(&old, &new, Direction::Request),
                name => self.other(name, &old, &new),
            }
        }
    }

    fn request_body(&mut self, old: &Node, new: &Node) {
        let (old, new) = (old.target(), new.target());
        if !old.exists() {
            let required = new.child("required").is_true();
            self.note(
                if required {
                    rule::REQUIRED_BODY_ADDED
                } else {
                    rule::BODY_ADDED
                },
                &new.pointer,
                "",
            );
            return;
        }
        if !new.exists() {
            self.note(rule::BODY_REMOVED, &old.pointer, "");
            return;
        }
        for name in names_of_both(&old, &new) {
            let (old, new) = (old.child(name), new.child(name));
            match name {
                "description" => self.changed(rule::PROSE, &old, &new),
                "required" => self.required(&old, &new, [rule::BODY_REQUIRED, rule::BODY_OPTIONAL]),
                "content" => self.content(&old, &new, Direction::Request),
                name => self.other(name, &old, &new),
            }
        }
    }

    fn responses(&mut self, old: &Node, new: &Node) {
        for status in names_of_both(old, new) {
            let (old, new) = (old.child(status).target(), new.child(status).target());
            let is_error = status.starts_with(['4', '5']);
            match (old.exists(), new.exists()) {
                (true, true) => self.response(&old, &new),
                (true, false) => {
                    self.note(
                        if is_error {
                            rule::ERROR_REMOVED
                        } else {
                            rule::SUCCESS_REMOVED
                        },
                        &old.pointer,
                        "",
                    );
                }
                _ => self.note(
                    if is_error {
                        rule::ERROR_ADDED
                    } else {
                        rule::SUCCESS_ADDED
                    },
                    &new.pointer,
                    "",
                ),
            }
        }
    }

    fn response(&mut self, old: &Node, new: &Node) {
        for name in names_of_both(old, new) {
            let (old, new) = (old.child(name), new.child(name));
            match name {
                "description" => self.changed(rule::PROSE, &old, &new),
                "content" => self.content(&old, &new, Direction::Response),
                "headers" => self.headers(&old, &new),
                name => self.other(name, &old, &new),
            }
        }
    }

    fn headers(&mut self, old: &Node, new: &Node) {
        for name in names_of_both(old, new) {
            let (old, new) = (old.child(name).target(), new.child(name).target());
            if !old.exists() {
                self.note(rule::HEADER_ADDED, &new.pointer, "");
            } else if !new.exists() {
                self.note(rule::HEADER_REMOVED, &old.pointer, "");
            } else {
                self.header(&old, &new);
            }
        }
    }

    fn header(&mut self, old: &Node, new: &Node) {
        for name in names_of_both(old, new) {
            let (old, new) = (old.child(name), new.child(name));
            match name {
                "description" | "example" | "examples" | "deprecated" => {
                    self.changed(rule::PROSE, &old, &new);
                }
                "required" => {
                    self.required(&old, &new, [rule::HEADER_REQUIRED, rule::HEADER_OPTIONAL]);
                }
                "schema" => self.schema(&old, &new, Direction::Response),
                name => self.other(name, &old, &new),
            }
        }
    }

    fn content(&mut self, old: &Node, new: &Node, direction: Direction) {
        for media_type in names_of_both(old, new) {
            let (old, new) = (old.child(media_type), new.child(media_type));
            match (old.exists(), new.exists()) {
                (true, false) => {
                    self.schema_note(rule::NARROWED, &old.pointer, "content", direction);
                }
                (false, _) => self.schema_note(rule::WIDENED, &new.pointer, "content", direction),
                (true, true) => self.media_type(&old, &new, direction),
            }
        }
    }

    fn media_type(&mut self, old: &Node, new: &Node, direction: Direction) {
        for name in names_of_both(old, new) {
            let (old, new) = (old.child(name), new.child(name));
            match name {
                "example" | "examples" => self.changed(rule::PROSE, &old, &new),
                "schema" => self.schema(&old, &new, direction),
                name => self.other(name, &old, &new),
            }
        }
    }

    /// A `required` that is absent is false.
    fn required(&mut self, old: &Node, new: &Node, [became, was]: [rule::Rule; 2]) {
        if old.is_true() != new.is_true() {
            let rule = if new.is_true() { became } else { was };
            self.note(rule, place(old, new), &old_and_new(old.value, new.value));
        }
    }
}

/// Parameters by what a request calls them: their place and their name.
fn by_name<'a>(list: &Node<'a>) -> Vec<(String, Node<'a>)> {
    let key = |node: &Node| format!("{} {}", node.child("in").value, node.child("name").value);
    list.items()
        .iter()
        .map(Node::target)
        .map(|node| (key(&node), node))
        .collect()
}

fn names<'a>(parameters: &'a [(String, Node)]) -> Vec<&'a str> {
    parameters.iter().map(|(name, _)| name.as_str()).collect()
}
