//! Rows that a statement names by their id are found by the index of ids. Of trust rules there are few for a dataset.

use anyhow::Result;

use super::fixture::sites;
use super::scale::plan::plans_on_postgres;
use crate::store::Database;

/// A plan is kept for as long as its connection, or until PostgreSQL looks at the table again. Made while few rows wait for
/// their upload, say, it may read the index of all those, which seems as cheap, and does so for thousands later.
#[tokio::test]
async fn rows_are_found_by_their_ids_whatever_the_statistics() -> Result<()> {
    let mut faults = Vec::new();
    for site in sites().await? {
        let Database::Postgres(_) = site.store.database else {
            continue;
        };
        for (name, plan) in plans_on_postgres(&site.url).await? {
            let mut node = "";
            for line in plan.iter().map(|line| line.trim()) {
                if line.contains("(cost") {
                    node = line;
                } else if line.starts_with("Filter")
                    && line.contains("(id = ")
                    && !node.contains(" on trust_rules")
                {
                    faults.push(format!("{name}: {node}: {line}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}
