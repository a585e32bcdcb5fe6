//! Pages of a list: always by key, never by offset.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const DEFAULT_LIMIT: u32 = 100;

fn default_limit() -> u32 {
    DEFAULT_LIMIT
}

/// Which page of a list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PageQuery {
    /// Most items to return: 1 to 1,000, by default 100.
    #[serde(default = "default_limit")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: u32,
    /// Token of the page, as `next_page` of the page before gave it. Absent for the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_token: Option<String>,
}

impl PageQuery {
    /// The key that the page begins behind; `None` for the first page.
    ///
    /// # Errors
    /// The token itself, where no list has given it out.
    pub fn after<K: std::str::FromStr>(&self) -> Result<Option<K>, &str> {
        self.page_token
            .as_deref()
            .map(|token| token.parse().map_err(|_| token))
            .transpose()
    }
}
