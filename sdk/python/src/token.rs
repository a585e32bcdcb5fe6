//! Operations on tokens.

use bytes::Bytes;
use restow_sdk::generated::types::{CreateTokenRequest, CreatedToken, Token};
use restow_sdk::{Client, Error};

use crate::argument::{parsed, parsed_if_given};
use crate::context::document;
use crate::failure::Failure;
use crate::list::PAGE_SIZE;
use crate::operation::{NewToken, TokenOperation};

/// Runs an operation.
///
/// # Errors
/// Those of the API.
pub async fn run(client: &Client, operation: TokenOperation) -> Result<Bytes, Failure> {
    let api = client.api();
    match operation {
        TokenOperation::Caller {} => document(&client.call(|| api.get_caller().send()).await?),
        TokenOperation::List { principal } => document(&list(client, principal.as_deref()).await?),
        TokenOperation::Create(token) => document(&create(client, &token).await?),
        TokenOperation::Revoke { token } => {
            let request = || api.revoke_token().token_id(token).send();
            client.call(request).await?;
            document(&())
        }
    }
}

/// Every page is requested for the principal: servers of earlier revisions do not remember it.
async fn list(client: &Client, principal: Option<&str>) -> Result<Vec<Token>, Error> {
    let mut tokens = Vec::new();
    let mut next_page: Option<String> = None;
    loop {
        let request = || {
            let mut request = client.api().list_tokens().limit(PAGE_SIZE);
            if let Some(principal) = principal {
                request = request.principal(principal);
            }
            if let Some(page) = &next_page {
                request = request.page_token(page);
            }
            request.send()
        };
        let page = client.call(request).await?;
        tokens.extend(page.items);
        next_page = page.next_page;
        if next_page.is_none() {
            return Ok(tokens);
        }
    }
}

async fn create(client: &Client, token: &NewToken) -> Result<CreatedToken, Error> {
    let body = CreateTokenRequest {
        name: parsed("name", &token.name)?,
        scopes: token.scopes.clone(),
        datasets: match &token.datasets {
            Some(datasets) => Some(ids(client, datasets).await?),
            None => None,
        },
        expires_in: token.expires_in,
        principal: parsed_if_given("principal", token.principal.as_deref())?,
    };
    let request = || client.api().create_token().body(body.clone()).send();
    client.without_retries().call(request).await
}

async fn ids(client: &Client, datasets: &[String]) -> Result<Vec<uuid::Uuid>, Error> {
    let mut ids = Vec::with_capacity(datasets.len());
    for dataset in datasets {
        ids.push(client.find_dataset(dataset).await?.id);
    }
    Ok(ids)
}
