//! Contract tests: the real server in a separate process, driven over HTTP, by the SDK where possible.
//!
//! | module | subject |
//! |---|---|
//! | `published`, `answers` | the published examples, and responses common to all operations |
//! | `conformance` | the judge of other servers and documents |
//! | `cors`, `docs`, `browser` | pages of other origins; the API console; tests in a real browser |
//! | `upload`, `urls`, `resume` | uploading to S3 |
//! | `uploader` | the SDK's uploader over a faulty network |
//! | `complete`, `cancel`, `expiry` | how jobs end |
//! | `inspection`, `read_options`, `rejection`, `upload_once` | inspections |
//! | `version`, `version_diff`, `policy`, `same_bytes` | versions, and which changes become one |
//! | `reads` | entity tags, and downloads by redirects |
//! | `dataset`, `listing`, `ownership` | datasets, lists, and access of principals |
//! | `attack` | requests that try to do harm |
//! | `rights` | every operation by every kind of caller; tokens, grants, principals |
//! | `trust` | tokens of other issuers, and CI jobs without a stored secret |
//! | `sweep`, `retention` | removal of unknown uploads and old versions |
//! | `limits`, `many_parts`, `quota`, `rate_limits`, `http`, `connections`, `tls` | limits, connections and error responses |
//! | `s3_server`, `iam` | real S3 servers; the policies of `deploy/iam` |
//! | `events` | the log of changes and refusals, and its streams |
//! | `webhooks` | events that are sent to URLs |
//! | `idempotency` | requests that are sent again with their key |
//! | `round_trips`, `s3_connections`, `compression` | what a request costs: round trips to PostgreSQL, connections to S3, bytes |
//! | `fault` | faults of S3 and of the network to it |
//! | `server_doctor`, `server_fsck`, `support_bundle`, `read_only`, `secret_files` | diagnosis, maintenance, and how secrets are given |
//! | `misconfigured` | an S3 that is set up wrongly, or away |
//! | `database_fault` | faults of PostgreSQL and of the network to it |
//! | `processes` | several processes with one database and one bucket |
//! | `metrics`, `traces`, `logs` | what operators see of the processes |
//! | `migration`, `upgrade` | migrations of the database schema, and upgrades while uploads go on |
//! | `probes` | probes and background tasks |
//! | `worker`, `death`, `poison`, `shutdown`, `memory`, `command_line`, `operator` | the server process |
//! | `cli` | the `restow` command, on terminals and in scripts |
//! | `clock` | deadlines and clock skew |

mod answers;
mod attack;
mod backup;
mod browser;
mod cancel;
mod cli;
mod clock;
mod command_line;
mod complete;
mod compression;
mod conformance;
mod connections;
mod cors;
mod database_crash;
mod database_fault;
mod dataset;
mod death;
mod docs;
mod downtime;
mod events;
mod expiry;
mod fault;
mod fixture;
mod http;
mod iam;
mod idempotency;
mod inspection;
mod limits;
mod listing;
mod logs;
mod many_parts;
mod memory;
mod metrics;
mod migration;
mod misconfigured;
mod operator;
mod ownership;
mod poison;
mod policy;
mod probes;
mod processes;
mod published;
mod quota;
mod rate_limits;
mod read_only;
mod read_options;
mod reads;
mod rejection;
mod restore;
mod resume;
mod retention;
mod rights;
mod round_trips;
mod s3_connections;
mod s3_server;
mod same_bytes;
mod secret_files;
mod server_doctor;
mod server_fsck;
mod shutdown;
mod start;
mod support_bundle;
mod sweep;
mod tls;
mod traces;
mod trust;
mod upgrade;
mod upload;
mod upload_once;
mod uploader;
mod urls;
mod version;
mod version_diff;
mod webhooks;
mod worker;
mod wrong_bucket;
