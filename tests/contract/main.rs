//! Contract tests: the real server as a process of its own, driven over HTTP, through the SDK wherever the SDK can.
//!
//! | module | what is held to |
//! |---|---|
//! | `published`, `answers` | the published examples, and what all operations have in common |
//! | `cors`, `browser` | pages of other origins; what people see, in a real browser |
//! | `upload`, `urls`, `resume` | bytes on their way to S3 |
//! | `uploader` | the SDK's uploader over a line that fails |
//! | `complete`, `cancel`, `expiry` | how jobs end |
//! | `inspection`, `version` | what becomes of the object |
//! | `dataset`, `listing`, `ownership` | whose is what, and how it is found |
//! | `sweep`, `retention` | what is removed, and what is not |
//! | `limits`, `many_parts`, `quota`, `http` | what is refused, and how |
//! | `s3_server` | real S3 servers |
//! | `fault` | a network and an S3 that fail |
//! | `database_fault` | a PostgreSQL that fails, and the network to it |
//! | `processes` | many of them, over one database and one bucket |
//! | `migration` | the schema, and who may touch it |
//! | `death`, `poison`, `shutdown`, `memory`, `command_line` | the process |
//! | `restow` | the command-line client, on terminals and in scripts |
//! | `clock` | time that passes, and clocks that disagree |

mod answers;
mod backup;
mod browser;
mod cancel;
mod cli;
mod clock;
mod command_line;
mod complete;
mod cors;
mod database_fault;
mod dataset;
mod death;
mod downtime;
mod expiry;
mod fault;
mod fixture;
mod http;
mod inspection;
mod limits;
mod listing;
mod many_parts;
mod memory;
mod migration;
mod ownership;
mod poison;
mod processes;
mod published;
mod quota;
mod resume;
mod retention;
mod s3_server;
mod shutdown;
mod sweep;
mod upload;
mod uploader;
mod urls;
mod version;
mod wrong_bucket;
