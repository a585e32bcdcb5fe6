//! One suite over every database. Each test runs on SQLite, and on PostgreSQL where the variable
//! `RESTOW_TEST_POSTGRES` names the directory of a cluster's socket (`system with-postgres` gives it one).

mod announcement;
mod backlog;
mod commit;
mod connection;
mod dataset;
mod delivery;
mod event;
mod event_id;
mod fence;
mod fixture;
mod gap;
mod group;
mod idempotency;
mod identifier;
mod outage;
mod queue;
mod quota;
mod race;
mod scale;
mod statement;
mod token;
mod transition;
mod trust;
mod value;
mod version;
mod webhook;
