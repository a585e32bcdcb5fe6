//! Contract tests: the real server as a process of its own, driven over HTTP, through the SDK wherever the SDK can.
//!
//! | module | what is held to |
//! |---|---|
//! | `published` | the published examples of request and answer |
//! | `upload`, `urls`, `resume` | bytes on their way to S3 |
//! | `complete`, `cancel`, `expiry` | how jobs end |
//! | `inspection`, `version` | what becomes of the object |
//! | `dataset`, `listing`, `ownership` | whose is what, and how it is found |
//! | `sweep`, `retention` | what is removed, and what is not |
//! | `limits`, `quota`, `http` | what is refused, and how |
//! | `s3_server` | real S3 servers |
//! | `fault` | a network and an S3 that fail |
//! | `processes` | many of them, over one database and one bucket |
//! | `death`, `shutdown`, `memory`, `command_line` | the process |

mod cancel;
mod command_line;
mod complete;
mod dataset;
mod death;
mod expiry;
mod fault;
mod fixture;
mod http;
mod inspection;
mod limits;
mod listing;
mod memory;
mod ownership;
mod processes;
mod published;
mod quota;
mod resume;
mod retention;
mod s3_server;
mod shutdown;
mod sweep;
mod upload;
mod urls;
mod version;
