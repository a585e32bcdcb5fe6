//! The plans of all statements: none reads a large table from end to end, or sorts one.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection};

use crate::store::Database;
use crate::store::tests::fixture::Site;
use crate::store::tests::statement::STATEMENTS;

/// The tables that grow with use.
const LARGE: [&str; 4] = ["versions", "jobs", "datasets", "inspections"];

/// What SQLite may scan: tables that stay small, by name or alias, and what is no table, or was cut off before.
const SMALL: [&str; 12] = [
    "principals",
    "tokens",
    "instance",
    "p",
    "t",
    "CONSTANT",
    "first_jobs",
    "open_jobs",
    "ended_jobs",
    "dead_deliveries",
    "lowest",
    "step",
];

/// Plans that read all rows of a table or of an index, or sort what they found, and why that is no harm. An entry that is
/// needed no more is an error.
const PERMITTED_POSTGRES: &[(&str, &str)] = &[
    (
        "claim::CLAIM_INSPECTION_POSTGRES",
        "visits at most 100 principals, and the oldest jobs of each, by an index, and sorts what it finds",
    ),
    (
        "dataset::FIND_SHARED_BY_NAME",
        "sorts the datasets of one name that others share with a principal",
    ),
    (
        "dataset::LIST_OF_TOKEN",
        "sorts the datasets that a token is for, a hundred at most",
    ),
    (
        "dataset::LIST_SHARED",
        "sorts two pages, each of which an index has cut off",
    ),
    (
        "dataset::LIST_SHARED_BY_OWNER",
        "sorts what one principal has shared with another, which is little here; an index has the order",
    ),
    (
        "delivery_queue::WAITING",
        "the queue is empty here; in a large one, the index on the webhook has the order",
    ),
    (
        "event::LIST_OF_DATASET",
        "the log is empty here; in a large one, the index on the dataset has the order",
    ),
    (
        "event::LIST_OF_JOB",
        "the log is empty here; in a large one, the index on the job has the order",
    ),
    (
        "leftover::CANCEL_DELETED_POSTGRES",
        "looks at the open jobs of each dataset that was deleted within the grace",
    ),
    (
        "operator::LIST_OF_STATUS",
        "reads the newest jobs of all states, by hand, until enough are in the one",
    ),
    (
        "operator::STUCK_COMPLETIONS",
        "reads the completions that are under way, by hand",
    ),
    (
        "erasure::RENAME_CHANGER_OF_DATASETS",
        "reads all datasets when a principal is erased, by hand",
    ),
    (
        "erasure::RENAME_CHANGER_OF_JOBS",
        "reads all jobs when a principal is erased, by hand",
    ),
    (
        "erasure::RENAME_COMMITTER",
        "reads all versions when a principal is erased, by hand",
    ),
    (
        "trust::FIND_CANDIDATES",
        "sorts the rules of one dataset, of which there are few",
    ),
    (
        "trust::LIST",
        "sorts the rules of one dataset, of which there are few",
    ),
    (
        "webhook::LIST",
        "sorts the webhooks of one dataset, of which there are few",
    ),
];
const PERMITTED_SQLITE: &[(&str, &str)] = &[
    (
        "claim::CLAIM_INSPECTION_SQLITE",
        "visits at most 100 principals, and the oldest jobs of each, by an index, and sorts what it finds",
    ),
    (
        "dataset::FIND_SHARED_BY_NAME",
        "sorts the datasets of one name that others share with a principal",
    ),
    (
        "dataset::LIST_SHARED",
        "sorts two pages, each of which an index has cut off",
    ),
    (
        "erasure::RENAME_CHANGER_OF_DATASETS",
        "reads all datasets when a principal is erased, by hand",
    ),
    (
        "erasure::RENAME_CHANGER_OF_JOBS",
        "reads all jobs when a principal is erased, by hand",
    ),
    (
        "erasure::RENAME_CHANGER_OF_GRANTS",
        "reads all grants when a principal is erased, by hand",
    ),
    (
        "erasure::RENAME_CHANGER_OF_TRUST_RULES",
        "reads all trust rules when a principal is erased, by hand",
    ),
    (
        "erasure::RENAME_CHANGER_OF_WEBHOOKS",
        "reads all webhooks when a principal is erased, by hand",
    ),
    (
        "erasure::RENAME_COMMITTER",
        "reads all versions when a principal is erased, by hand",
    ),
    (
        "migration::LIST_APPLIED",
        "reads a row for each migration, at the start",
    ),
    (
        "operator::STUCK_COMPLETIONS",
        "sorts the completions that are under way, by hand",
    ),
    (
        "operator::STUCK_INSPECTIONS",
        "sorts the inspections that are under way, by hand",
    ),
    (
        "operator::STUCK_LEFTOVERS",
        "sorts the jobs that are to be cleaned, by hand",
    ),
    (
        "token::REVOKE",
        "reads the tokens that were created with the one that is revoked, which an index has found",
    ),
    (
        "webhook::COUNT_ENABLED",
        "reads all webhooks when a bucket is taken over, by hand",
    ),
];

/// What is wrong with the plans on the database: costly steps that are not permitted, and permissions that are not needed.
pub(super) async fn faults(site: &Site) -> Result<Vec<String>> {
    let (costly, permitted) = match site.store.database {
        Database::Sqlite { .. } => (on_sqlite(&site.url).await?, PERMITTED_SQLITE),
        Database::Postgres(_) => (on_postgres(&site.url).await?, PERMITTED_POSTGRES),
    };
    let forbidden = costly
        .iter()
        .filter(|(name, _)| !permitted.iter().any(|(other, _)| name == other))
        .map(|(name, step)| format!("{name} on {}: {step}", site.url));
    let unused = permitted
        .iter()
        .filter(|(name, _)| !costly.iter().any(|(other, _)| name == other))
        .map(|(name, _)| format!("{name} on {} needs no permission any more", site.url));
    Ok(forbidden.chain(unused).collect())
}

/// The statements of the store that one of the databases runs and can plan, by module and name.
fn statements(other: &str) -> impl Iterator<Item = (String, &'static str)> {
    let all = STATEMENTS
        .iter()
        .flat_map(|(module, statements)| statements.iter().map(move |entry| (module, entry)));
    all.filter(move |(_, (name, _))| !name.ends_with(other))
        .map(|(module, (name, sql))| (format!("{module}::{name}"), *sql))
        .filter(|(_, sql)| {
            ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"]
                .iter()
                .any(|verb| sql.starts_with(verb))
        })
}

/// The number of the last parameter of a statement.
fn parameters(sql: &str) -> usize {
    let numbers = sql.split('$').skip(1).filter_map(|rest| {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit());
        rest[..digits.unwrap_or(rest.len())].parse().ok()
    });
    numbers.max().unwrap_or(0)
}

/// The costly steps of the plans that PostgreSQL makes without knowing the parameters.
async fn on_postgres(url: &str) -> Result<BTreeSet<(String, String)>> {
    let mut costly = BTreeSet::new();
    for (name, plan) in plans_on_postgres(url).await? {
        costly.extend(costly_on_postgres(&plan).map(|step| (name.clone(), step)));
    }
    Ok(costly)
}

/// The lines of the plans that PostgreSQL makes without knowing the parameters, by the name of the statement.
pub(in crate::store::tests) async fn plans_on_postgres(
    url: &str,
) -> Result<Vec<(String, Vec<String>)>> {
    let mut connection = PgConnection::connect(url).await?;
    connection
        .execute("SET plan_cache_mode = force_generic_plan")
        .await?;
    let mut plans = Vec::new();
    for (name, sql) in statements("_SQLITE") {
        let nulls = vec!["NULL"; parameters(sql)].join(", ");
        let arguments = if nulls.is_empty() {
            nulls
        } else {
            format!("({nulls})")
        };
        connection
            .execute(AssertSqlSafe(format!("PREPARE measured AS {sql}")))
            .await
            .with_context(|| name.clone())?;
        let explain = format!("EXPLAIN EXECUTE measured{arguments}");
        let rows = connection.fetch_all(AssertSqlSafe(explain)).await?;
        let plan = rows
            .iter()
            .map(|row| row.try_get(0))
            .collect::<Result<Vec<String>, _>>()?;
        connection.execute("DEALLOCATE measured").await?;
        plans.push((name, plan));
    }
    connection.close().await?;
    Ok(plans)
}

/// Nodes of a plan that read a large table, or an index, from end to end, or sort.
fn costly_on_postgres(plan: &[String]) -> impl Iterator<Item = String> {
    plan.iter().enumerate().filter_map(|(number, line)| {
        let node = line
            .split("  (cost")
            .next()?
            .trim()
            .trim_start_matches("->");
        let is_large = LARGE.iter().any(|table| {
            node.split_whitespace()
                .skip_while(|word| *word != "on")
                .nth(1)
                == Some(*table)
        });
        let is_sought = plan[number + 1..]
            .iter()
            .take_while(|line| !line.contains("(cost"))
            .any(|line| line.trim_start().starts_with("Index Cond"));
        let is_scan = is_large && node.contains("Seq Scan");
        let is_whole_index = is_large && node.contains("Index") && !is_sought;
        let is_sort = node.trim() == "Sort"
            && plan.iter().any(|line| {
                LARGE
                    .iter()
                    .any(|table| line.contains(&format!("on {table}")))
            });
        (is_scan || is_whole_index || is_sort).then(|| node.trim().to_string())
    })
}

/// The costly steps of SQLite's plans.
async fn on_sqlite(url: &str) -> Result<BTreeSet<(String, String)>> {
    let mut connection = SqliteConnection::connect(url).await?;
    let mut costly = BTreeSet::new();
    for (name, sql) in statements("_POSTGRES") {
        let explain = format!("EXPLAIN QUERY PLAN {sql}");
        for row in connection.fetch_all(AssertSqlSafe(explain)).await? {
            let step: String = row.try_get("detail")?;
            let is_scan = step
                .strip_prefix("SCAN ")
                .and_then(|rest| rest.split_whitespace().next())
                .is_some_and(|table| !SMALL.contains(&table));
            if is_scan || step == "USE TEMP B-TREE FOR ORDER BY" {
                costly.insert((name.clone(), step));
            }
        }
    }
    connection.close().await?;
    Ok(costly)
}
