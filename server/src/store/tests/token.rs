//! Tokens that were created with other tokens.

use anyhow::Result;
use restow_api::scope::Scopes;
use uuid::Uuid;

use super::fixture::{Site, at_once, sites};
use crate::clock;
use crate::store::{NewTokenRow, Store, StoredScopes};

/// Whether a token is kept that another one creates. Its hash is made up of the number.
pub(super) async fn insert(
    store: &Store,
    principal_id: Uuid,
    number: u8,
    created_with: Option<Uuid>,
    datasets: Option<&[Uuid]>,
) -> Result<Option<Uuid>> {
    let (id, now) = (Uuid::now_v7(), clock::now());
    let row = NewTokenRow {
        id,
        principal_id,
        hash: [number; 32],
        name: "",
        scopes: StoredScopes(Scopes::ALL),
        datasets,
        created_with,
        created_at: now,
        expires_at: None,
    };
    Ok(store.insert_token(&row).await?.then_some(id))
}

/// Which of the tokens with these numbers are valid.
async fn valid(site: &Site, numbers: impl IntoIterator<Item = u8>) -> Result<Vec<u8>> {
    let mut valid = Vec::new();
    for number in numbers {
        let hash = [number; 32];
        let found = site.store.find_valid_token(&hash, clock::now()).await?;
        valid.extend(found.map(|_| number));
    }
    Ok(valid)
}

#[tokio::test]
async fn revocation_ends_what_a_token_created() -> Result<()> {
    for site in sites().await? {
        let (store, owner) = (&site.store, site.principal.id);
        let first = insert(store, owner, 1, None, None).await?;
        let second = insert(store, owner, 2, first, None).await?;
        insert(store, owner, 3, second, None).await?;
        let other = insert(store, owner, 4, None, None).await?;
        insert(store, owner, 5, other, None).await?;
        assert_eq!(valid(&site, 1..=5).await?, [1, 2, 3, 4, 5]);
        let revoked = store.revoke_token(first.unwrap_or_default(), clock::now());
        assert!(revoked.await?);
        assert_eq!(valid(&site, 1..=5).await?, [4, 5], "on {}", site.url);
        let logged = "SELECT count(*) FROM events WHERE type = 'token.revoked'";
        assert_eq!(site.count(logged).await?, 3);
        assert_eq!(insert(store, owner, 6, second, None).await?, None);
        assert_eq!(valid(&site, [6]).await?, [0_u8; 0]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_outlives_a_concurrent_revocation() -> Result<()> {
    for site in sites().await? {
        let owner = site.principal.id;
        let first = insert(&site.store, owner, 0, None, None).await?;
        let first = first.unwrap_or_default();
        // One of them revokes while the others create.
        let tasks = (1..20_u8).map(|number| {
            let store = site.store.clone();
            async move {
                if number == 10 {
                    store.revoke_token(first, clock::now()).await?;
                } else {
                    insert(&store, owner, number, Some(first), None).await?;
                }
                anyhow::Ok(())
            }
        });
        for outcome in at_once(tasks).await? {
            outcome?;
        }
        assert_eq!(valid(&site, 0..20).await?, [0_u8; 0], "on {}", site.url);
    }
    Ok(())
}

#[tokio::test]
async fn restricted_token_lists_those_within() -> Result<()> {
    for site in sites().await? {
        let (store, owner) = (&site.store, site.principal.id);
        let (one, two) = (site.dataset().await?, site.dataset().await?);
        let both = insert(store, owner, 1, None, Some(&[one, two])).await?;
        let first = insert(store, owner, 2, None, Some(&[one])).await?;
        insert(store, owner, 3, None, None).await?;
        let stranger = store.ensure_principal("bob", clock::now()).await?.id;
        insert(store, stranger, 4, None, Some(&[one])).await?;
        for (within, expected) in [(both, vec![both, first]), (first, vec![first])] {
            let within = within.unwrap_or_default();
            let listed = store.list_tokens_within(owner, within, None, 10).await?;
            let ids: Vec<_> = listed.iter().map(|row| Some(row.id)).collect();
            assert_eq!(ids, expected, "on {}", site.url);
        }
    }
    Ok(())
}
