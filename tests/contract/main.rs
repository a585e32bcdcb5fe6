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
//! | `sweep`, `retention` | removal of unknown uploads and old versions |
//! | `limits`, `many_parts`, `quota`, `http`, `connections` | limits and error responses |
//! | `s3_server` | real S3 servers |
//! | `idempotency` | requests that are sent again with their key |
//! | `round_trips`, `s3_connections`, `compression` | what a request costs: round trips to PostgreSQL, connections to S3, bytes |
//! | `fault` | faults of S3 and of the network to it |
//! | `server_doctor`, `server_fsck`, `support_bundle`, `read_only`, `secret_files` | diagnosis, maintenance, and how secrets are given |
//! | `misconfigured` | an S3 that is set up wrongly, or away |
//! | `database_fault` | faults of PostgreSQL and of the network to it |
//! | `processes` | several processes with one database and one bucket |
//! | `migration` | migrations of the database schema |
//! | `probes` | probes, metrics and background tasks |
//! | `worker`, `death`, `poison`, `shutdown`, `memory`, `command_line`, `operator` | the server process |
//! | `cli` | the `restow` command, on terminals and in scripts |
//! | `clock` | deadlines and clock skew |

mod answers;
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
mod expiry;
mod fault;
mod fixture;
mod http;
mod idempotency;
mod inspection;
mod limits;
mod listing;
mod many_parts;
mod memory;
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
mod read_only;
mod read_options;
mod reads;
mod rejection;
mod restore;
mod resume;
mod retention;
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
mod upload;
mod upload_once;
mod uploader;
mod urls;
mod version;
mod version_diff;
mod worker;
mod wrong_bucket;
