//! The rules: which kinds of change break programs made from the old document.
//!
//! Two kinds of programs count: those that call the API by hand, and those that call a client generated from the
//! document. A change that affects neither is compatible. A change that no rule covers is breaking.

use std::fmt;

/// The effect on clients of the old document, the worse first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Some of them fail, or no longer compile.
    Breaking,
    /// All of them keep working.
    Compatible,
}

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// The change.
    pub what: &'static str,
    /// The effect on clients.
    pub verdict: Verdict,
    /// Why.
    pub reason: &'static str,
}

/// Whether a schema's values are sent or received by clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Clients write them: parameters and request bodies.
    Request,
    /// Clients read them: response bodies and headers.
    Response,
}

/// A kind of change to a schema, which means one thing where clients write the values and another where they read them.
#[derive(Clone, Copy, Debug)]
pub struct SchemaRule {
    what: &'static str,
    request: (Verdict, &'static str),
    response: (Verdict, &'static str),
}

impl SchemaRule {
    /// The rule for one direction.
    pub fn of(self, direction: Direction) -> Rule {
        let (verdict, reason) = match direction {
            Direction::Request => self.request,
            Direction::Response => self.response,
        };
        Rule {
            what: self.what,
            verdict,
            reason,
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "in requests",
            Self::Response => "in responses",
        })
    }
}

const fn breaking(what: &'static str, reason: &'static str) -> Rule {
    Rule {
        what,
        verdict: Verdict::Breaking,
        reason,
    }
}

const fn compatible(what: &'static str, reason: &'static str) -> Rule {
    Rule {
        what,
        verdict: Verdict::Compatible,
        reason,
    }
}

const fn schema(
    what: &'static str,
    request: (Verdict, &'static str),
    response: (Verdict, &'static str),
) -> SchemaRule {
    SchemaRule {
        what,
        request,
        response,
    }
}

const fn everywhere(what: &'static str, verdict: Verdict, reason: &'static str) -> SchemaRule {
    SchemaRule {
        what,
        request: (verdict, reason),
        response: (verdict, reason),
    }
}

use Verdict::{Breaking, Compatible};

// The document, its operations and what they are made of.

pub const UNKNOWN: Rule = breaking("changed", "no rule covers this member");
pub const PROSE: Rule = compatible("prose changed", "programs do not read it");
pub const ORDER: Rule = compatible("order changed", "members are identified by name");
pub const EXTENSION_ADDED: Rule = compatible("extension added", "old clients were made without it");
pub const EXTENSION: Rule = breaking("extension changed or removed", "generators read it");
pub const SERVERS: Rule = breaking("servers changed", "clients call the old address");
pub const SECURITY: Rule = breaking(
    "security changed",
    "clients authenticate as in the old document",
);
pub const SECURITY_SCHEME_ADDED: Rule =
    compatible("security scheme added", "no old operation requires it");

pub const PATH_ADDED: Rule = compatible("path added", "old clients do not call it");
pub const PATH_REMOVED: Rule = breaking("path removed", "clients call it");
pub const OPERATION_ADDED: Rule = compatible("operation added", "old clients do not call it");
pub const OPERATION_REMOVED: Rule = breaking("operation removed", "clients call it");
pub const OPERATION_ID: Rule = breaking(
    "operationId changed",
    "it is the name of a method in every SDK",
);
pub const TAGS: Rule = breaking(
    "tags changed",
    "generated clients put an operation into the module of its tag",
);

pub const PARAMETER_ADDED: Rule =
    compatible("optional parameter added", "old clients leave it out");
pub const REQUIRED_PARAMETER_ADDED: Rule =
    breaking("required parameter added", "old clients leave it out");
pub const PARAMETER_REMOVED: Rule =
    breaking("parameter removed", "what clients send in it is not read");
pub const PARAMETER_REQUIRED: Rule =
    breaking("parameter became required", "some clients leave it out");
pub const PARAMETER_OPTIONAL: Rule = compatible("parameter became optional", "old clients send it");

pub const BODY_ADDED: Rule = compatible("optional body added", "old clients leave it out");
pub const REQUIRED_BODY_ADDED: Rule = breaking("required body added", "old clients leave it out");
pub const BODY_REMOVED: Rule = breaking("body removed", "what clients send in it is not read");
pub const BODY_REQUIRED: Rule = breaking("body became required", "some clients leave it out");
pub const BODY_OPTIONAL: Rule = compatible("body became optional", "old clients send it");

pub const SUCCESS_ADDED: Rule = breaking(
    "success status added",
    "clients treat an unknown status as a failure",
);
pub const SUCCESS_REMOVED: Rule = breaking("success status removed", "clients wait for it");
pub const ERROR_ADDED: Rule = compatible(
    "error status added",
    "every error has the same body, and clients handle unknown ones",
);
pub const ERROR_REMOVED: Rule = breaking("error status removed", "clients handle it by its name");
pub const HEADER_ADDED: Rule = compatible("header added", "old clients do not read it");
pub const HEADER_REMOVED: Rule = breaking("header removed", "clients read it");
pub const HEADER_REQUIRED: Rule =
    compatible("header became certain", "clients read it if it is there");
pub const HEADER_OPTIONAL: Rule = breaking("header may be absent", "clients read it");

pub const COMPONENT_ADDED: Rule = compatible("schema added", "old clients do not name it");
pub const COMPONENT_REMOVED: Rule = breaking(
    "schema removed or renamed",
    "clients name their type after it",
);
pub const TYPE_NAME: Rule = breaking(
    "schema renamed, inlined or named",
    "clients name their type after the schema",
);

// Schemas.

pub const NARROWED: SchemaRule = schema(
    "narrowed",
    (Breaking, "values that clients send are rejected"),
    (Compatible, "clients can read all remaining values"),
);
pub const WIDENED: SchemaRule = schema(
    "widened",
    (Compatible, "values that clients send are still accepted"),
    (Breaking, "typed clients cannot read the new values"),
);
pub const REPLACED: SchemaRule = everywhere(
    "replaced",
    Breaking,
    "old and new values need not have much in common",
);
pub const TYPE: SchemaRule = everywhere(
    "type changed",
    Breaking,
    "clients write and read the old one",
);
pub const FORMAT: SchemaRule = everywhere(
    "format changed",
    Breaking,
    "typed clients have a type of their own for it",
);
pub const TITLE: SchemaRule = everywhere(
    "title changed",
    Breaking,
    "generated clients name types after it",
);
pub const DEFAULT: SchemaRule = schema(
    "default changed",
    (Breaking, "clients that omit the value get a different one"),
    (Compatible, "the server writes the value"),
);
pub const COMPOSITION: SchemaRule = everywhere(
    "composition changed",
    Breaking,
    "typed clients have a variant for each",
);

pub const PROPERTY_ADDED: SchemaRule = everywhere(
    "property added",
    Compatible,
    "clients omit and ignore unknown properties",
);
pub const REQUIRED_PROPERTY_ADDED: SchemaRule = schema(
    "required property added",
    (Breaking, "old clients leave it out"),
    (Compatible, "clients ignore unknown properties"),
);
pub const PROPERTY_REMOVED: SchemaRule = schema(
    "property removed",
    (Breaking, "what clients send in it is not read"),
    (Breaking, "clients read it"),
);
pub const PROPERTY_REQUIRED: SchemaRule = schema(
    "property became required",
    (Breaking, "some clients leave it out"),
    (Compatible, "clients read it if it is there"),
);
pub const PROPERTY_OPTIONAL: SchemaRule = schema(
    "property became optional",
    (Compatible, "old clients send it"),
    (Breaking, "clients read it"),
);
