//! Calls of operations, each judged, and the checks that they belong to.

use anyhow::Result;
use reqwest::Url;
use serde_json::Value;

use crate::check::Check;
use crate::client::{Answer, Client};
use crate::contract::Contract;
use crate::finding::Rule;
use crate::response;

/// A server, and the contract that it claims.
#[derive(Debug)]
pub struct Session {
    /// The server.
    pub client: Client,
    /// The contract.
    pub contract: Contract,
}

/// A call of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// `operationId` of the operation.
    pub operation: &'a str,
    /// Value of each path parameter.
    pub parameters: &'a [(&'a str, &'a str)],
    /// Query, with the question mark; may be empty.
    pub query: &'a str,
    /// Body in JSON.
    pub body: Option<&'a Value>,
}

impl<'a> Call<'a> {
    /// A call without query and body.
    pub fn of(operation: &'a str, parameters: &'a [(&'a str, &'a str)]) -> Self {
        Self {
            operation,
            parameters,
            query: "",
            body: None,
        }
    }

    /// The same with a body.
    pub fn with(self, body: &'a Value) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }
}

impl Session {
    /// Calls an operation, which must return the `expected` status, and judges the response. Returns its body if it has that
    /// status.
    ///
    /// # Errors
    /// If there is no response.
    pub async fn call(
        &self,
        call: Call<'_>,
        expected: u16,
        check: &mut Check,
    ) -> Result<Option<Value>> {
        let answer = self.send(call).await?;
        let operation = self.contract.operation(call.operation)?;
        let body = response::judge(&operation, expected, &answer, check)?;
        Ok((answer.status == expected).then_some(body))
    }

    /// Calls an operation without judging the response.
    ///
    /// # Errors
    /// If there is no response.
    pub async fn send(&self, call: Call<'_>) -> Result<Answer> {
        let operation = self.contract.operation(call.operation)?;
        let mut path = operation.path.to_string();
        for (name, value) in call.parameters {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        path.push_str(call.query);
        self.client.call(operation.method, &path, call.body).await
    }

    /// How findings name the response of an operation.
    ///
    /// # Errors
    /// If the contract has no such operation.
    pub fn place(&self, operation: &str, status: u16, pointer: &str) -> Result<String> {
        let name = self.contract.operation(operation)?.name();
        Ok(format!("{name} {status} {pointer}"))
    }
}

/// The URL in a response, if it is one.
pub fn url(text: &str, place: &str, check: &mut Check) -> Option<Url> {
    let url = text.parse::<Url>().ok();
    let url = url.filter(|url| ["http", "https"].contains(&url.scheme()));
    if url.is_none() {
        check.find(Rule::InvalidValue, place, &"an absolute URL of HTTP", &text);
    }
    url
}

/// The checks so far.
#[derive(Debug, Default)]
pub struct Checks(pub Vec<Check>);

impl Checks {
    /// Makes a check, which is kept also if it stops with an error.
    ///
    /// # Errors
    /// Those of the check.
    pub async fn make<T>(
        &mut self,
        name: &str,
        task: impl AsyncFnOnce(&mut Check) -> Result<T>,
    ) -> Result<T> {
        let mut check = Check::begin(name);
        let outcome = task(&mut check).await;
        self.0.push(check.end());
        outcome
    }
}
