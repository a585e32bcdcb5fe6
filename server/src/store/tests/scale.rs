//! A million versions and jobs on PostgreSQL, and a tenth of that on SQLite: every statement finds its rows by an index,
//! and every duty of the reaper works in short steps. Times are printed, and asserted nowhere.

mod data;
mod dialect;
mod duty;
pub(super) mod plan;
mod table;

use anyhow::Result;

use self::data::Extent;
use self::table::Table;
use super::fixture::sites;

#[tokio::test]
#[ignore = "loads a million rows; `cargo xtask test --stage scale` runs it"]
async fn large_database_is_searched_by_indexes() -> Result<()> {
    let mut faults = Vec::new();
    for site in sites().await? {
        let extent = Extent::of(&site);
        let mut table = Table::new(&site.url);
        table.measure("load", || data::load(&site, &extent)).await?;
        faults.extend(plan::faults(&site).await?);
        duty::requests(&site, &mut table).await?;
        duty::reaper(&site, &mut table).await?;
        println!("{table}");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}
