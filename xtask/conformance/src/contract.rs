//! The contract: the document of Restow, which has the published operation to the letter.

use anyhow::{Context, Result};
use jsonschema::Validator;
use reqwest::Method;
use serde_json::Value;

use crate::schema::{json_schema, validator};

const DOCUMENT: &str = include_str!("../../../openapi.json");

const PUBLISHED: &str = include_str!("../../../tests/published/presigned_reupload.openapi.json");

/// The published contract as a document.
///
/// # Errors
/// If it is no JSON.
pub fn published() -> Result<Value> {
    serde_json::from_str(PUBLISHED).context("the published contract is no JSON")
}

/// The operations that are judged.
#[derive(Debug)]
pub struct Contract {
    paths: Value,
    components: Value,
}

/// An operation of the contract.
#[derive(Debug)]
pub struct Operation<'a> {
    /// Its method.
    pub method: Method,
    /// Its path below `/api`, with variables in braces.
    pub path: &'a str,
    responses: &'a Value,
    components: &'a Value,
}

/// What a documented response contains.
#[derive(Debug)]
pub enum Documented {
    /// Nothing.
    Empty,
    /// JSON that this accepts.
    Json(Box<Validator>),
}

impl Contract {
    /// The contract that this build contains.
    ///
    /// # Errors
    /// If it is no JSON.
    pub fn read() -> Result<Self> {
        let mut document: Value = serde_json::from_str(DOCUMENT)?;
        Ok(Self {
            paths: document["paths"].take(),
            components: json_schema(document["components"].take()),
        })
    }

    /// The operation with this `operationId`.
    ///
    /// # Errors
    /// If there is none.
    pub fn operation(&self, id: &str) -> Result<Operation<'_>> {
        for (path, item) in self.paths.as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if operation["operationId"] == id {
                    return Ok(Operation {
                        method: method.to_uppercase().parse()?,
                        path,
                        responses: &operation["responses"],
                        components: &self.components,
                    });
                }
            }
        }
        anyhow::bail!("the contract has no operation {id}")
    }
}

impl Operation<'_> {
    /// The documented statuses.
    pub fn statuses(&self) -> Vec<&str> {
        let responses = self.responses.as_object();
        responses
            .into_iter()
            .flatten()
            .map(|(status, _)| status.as_str())
            .collect()
    }

    /// What the response with this status contains; `None` if the status is not documented.
    ///
    /// # Errors
    /// If its schema is none.
    pub fn documented(&self, status: u16) -> Result<Option<Documented>> {
        let Some(response) = self.responses.get(status.to_string()) else {
            return Ok(None);
        };
        let Some(schema) = response.pointer("/content/application~1json/schema") else {
            return Ok(Some(Documented::Empty));
        };
        let validator = validator(&json_schema(schema.clone()), self.components)?;
        Ok(Some(Documented::Json(Box::new(validator))))
    }

    /// How findings name it.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}
