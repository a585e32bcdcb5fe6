//! Pages of a list, by key and not by offset.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const DEFAULT_LIMIT: u32 = 100;

fn default_limit() -> u32 {
    DEFAULT_LIMIT
}

/// The page of a list to return.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PageQuery {
    /// Maximum number of items to return: 1 to 1,000, by default 100.
    #[serde(default = "default_limit")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: u32,
    /// Token of the page: `next_page` of the previous page. Omitted for the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_token: Option<String>,
}

impl PageQuery {
    /// The key after which the page begins; `None` for the first page.
    ///
    /// # Errors
    /// The token itself, if no list has issued it.
    pub fn after<K: std::str::FromStr>(&self) -> Result<Option<K>, &str> {
        self.page_token
            .as_deref()
            .map(|token| token.parse().map_err(|_| token))
            .transpose()
    }
}
