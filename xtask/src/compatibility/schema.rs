//! Schemas, keyword by keyword.

use serde_json::Value;

use super::comparison::{Comparison, old_and_new, place};
use super::node::{Node, names_of_both};
use super::rule::{self, Direction, SchemaRule};

/// Which numbers a bound admits.
#[derive(Clone, Copy)]
enum Bound {
    /// Those from it on.
    Least,
    /// Those up to it.
    Most,
}

impl Comparison {
    /// Two schemas, whose values go in one direction.
    pub fn schema(&mut self, old: &Node, new: &Node, direction: Direction) {
        if !old.exists() || !new.exists() {
            let rule = if old.exists() {
                rule::WIDENED
            } else {
                rule::NARROWED
            };
            self.schema_change(rule, old, new, direction);
            return;
        }
        if old.value.get("$ref") != new.value.get("$ref") {
            self.note(
                rule::TYPE_NAME,
                &new.pointer,
                &old_and_new(&old.value["$ref"], &new.value["$ref"]),
            );
        }
        let (old, new) = (old.target(), new.target());
        if self.is_first_visit(&old, &new, direction) {
            self.keywords(&old, &new, direction);
        }
    }

    fn keywords(&mut self, old: &Node, new: &Node, direction: Direction) {
        if old.members().is_none() || new.members().is_none() {
            self.schema_change(rule::REPLACED, old, new, direction);
            return;
        }
        for name in names_of_both(old, new) {
            if name != "required" {
                self.keyword(name, &old.child(name), &new.child(name), direction);
            }
        }
        self.required_properties(old, new, direction);
    }

    fn keyword(&mut self, name: &str, old: &Node, new: &Node, direction: Direction) {
        match name {
            "description" | "example" | "externalDocs" | "deprecated" => {
                self.changed(rule::PROSE, old, new);
            }
            "title" => self.schema_change(rule::TITLE, old, new, direction),
            "type" => self.schema_change(rule::TYPE, old, new, direction),
            "format" => self.schema_change(rule::FORMAT, old, new, direction),
            "default" => self.schema_change(rule::DEFAULT, old, new, direction),
            "nullable" => self.flag(new.is_true(), old, new, direction),
            "uniqueItems" | "exclusiveMinimum" | "exclusiveMaximum" => {
                self.flag(!new.is_true(), old, new, direction);
            }
            "minimum" | "minLength" | "minItems" | "minProperties" => {
                self.bound(Bound::Least, old, new, direction);
            }
            "maximum" | "maxLength" | "maxItems" | "maxProperties" => {
                self.bound(Bound::Most, old, new, direction);
            }
            "pattern" | "multipleOf" | "not" => self.constraint(old, new, direction),
            "enum" => self.enumeration(old, new, direction),
            "properties" => self.properties(old, new, direction),
            "items" => self.schema(old, new, direction),
            "additionalProperties" => self.additional_properties(old, new, direction),
            "allOf" | "anyOf" | "oneOf" => self.composition(old, new, direction),
            "$ref" => {}
            name => self.other(name, old, new),
        }
    }

    /// A keyword that is false where it is absent.
    fn flag(&mut self, widens: bool, old: &Node, new: &Node, direction: Direction) {
        if old.is_true() != new.is_true() {
            self.schema_change(
                if widens {
                    rule::WIDENED
                } else {
                    rule::NARROWED
                },
                old,
                new,
                direction,
            );
        }
    }

    fn bound(&mut self, bound: Bound, old: &Node, new: &Node, direction: Direction) {
        let rule = match (old.value.as_f64(), new.value.as_f64(), bound) {
            (None, _, _) => rule::NARROWED,
            (Some(old), Some(new), Bound::Least) if new > old => rule::NARROWED,
            (Some(old), Some(new), Bound::Most) if new < old => rule::NARROWED,
            _ => rule::WIDENED,
        };
        self.schema_change(rule, old, new, direction);
    }

    /// A keyword whose values cannot be compared with each other.
    fn constraint(&mut self, old: &Node, new: &Node, direction: Direction) {
        let rule = match (old.exists(), new.exists()) {
            (false, _) => rule::NARROWED,
            (_, false) => rule::WIDENED,
            _ => rule::REPLACED,
        };
        self.schema_change(rule, old, new, direction);
    }

    fn enumeration(&mut self, old: &Node, new: &Node, direction: Direction) {
        let (Some(before), Some(after)) = (old.value.as_array(), new.value.as_array()) else {
            self.constraint(old, new, direction);
            return;
        };
        let missing = |values: &[Value], from: &[Value]| -> Vec<String> {
            values
                .iter()
                .filter(|value| !from.contains(value))
                .map(Value::to_string)
                .collect()
        };
        let (gone, added) = (missing(before, after), missing(after, before));
        for (rule, values) in [(rule::NARROWED, &gone), (rule::WIDENED, &added)] {
            if !values.is_empty() {
                self.schema_note(rule, &new.pointer, &values.join(", "), direction);
            }
        }
        if gone.is_empty() && added.is_empty() && before != after {
            self.note(rule::ORDER, &new.pointer, "");
        }
    }

    fn properties(&mut self, old: &Node, new: &Node, direction: Direction) {
        self.order(&old.names(), &new.names(), &new.pointer);
        for name in names_of_both(old, new) {
            let (old, new) = (old.child(name), new.child(name));
            if !new.exists() {
                self.schema_note(rule::PROPERTY_REMOVED, &old.pointer, "", direction);
            } else if old.exists() {
                self.schema(&old, &new, direction);
            } else {
                self.schema_note(rule::PROPERTY_ADDED, &new.pointer, "", direction);
            }
        }
    }

    fn required_properties(&mut self, old: &Node, new: &Node, direction: Direction) {
        let has = |schema: &Node, name: &str| schema.child("properties").child(name).exists();
        let (before, after) = (old.child("required"), new.child("required"));
        let pointer = place(&before, &after);
        for name in after.strings().difference(&before.strings()) {
            let rule = if has(old, name) {
                rule::PROPERTY_REQUIRED
            } else {
                rule::REQUIRED_PROPERTY_ADDED
            };
            self.schema_note(rule, pointer, name, direction);
        }
        for name in before.strings().difference(&after.strings()) {
            // A member that is removed is reported at its old place.
            if has(new, name) {
                self.schema_note(rule::PROPERTY_OPTIONAL, pointer, name, direction);
            }
        }
        if before.value != after.value && before.strings() == after.strings() {
            self.note(rule::ORDER, pointer, "");
        }
    }

    /// Absent is `true`.
    fn additional_properties(&mut self, old: &Node, new: &Node, direction: Direction) {
        let anything = |node: &Node| !node.exists() || node.is_true();
        match (old.members(), new.members()) {
            (Some(_), Some(_)) => self.schema(old, new, direction),
            _ if anything(old) && anything(new) => {}
            _ if anything(new) || old.value == &Value::Bool(false) => {
                self.schema_change(rule::WIDENED, old, new, direction);
            }
            _ => self.schema_change(rule::NARROWED, old, new, direction),
        }
    }

    fn composition(&mut self, old: &Node, new: &Node, direction: Direction) {
        let (before, after) = (old.items(), new.items());
        if before.len() != after.len() {
            self.schema_note(rule::COMPOSITION, place(old, new), "", direction);
        }
        for (old, new) in before.iter().zip(&after) {
            self.schema(old, new, direction);
        }
    }

    /// Notes a change of a schema if the two differ.
    fn schema_change(&mut self, rule: SchemaRule, old: &Node, new: &Node, direction: Direction) {
        if old.value != new.value {
            self.schema_note(
                rule,
                place(old, new),
                &old_and_new(old.value, new.value),
                direction,
            );
        }
    }

    /// Notes a change of a schema.
    pub fn schema_note(
        &mut self,
        rule: SchemaRule,
        pointer: &str,
        detail: &str,
        direction: Direction,
    ) {
        let space = if detail.is_empty() { "" } else { " " };
        self.note(
            rule.of(direction),
            pointer,
            &format!("{detail}{space}{direction}"),
        );
    }
}
