//! What a noisy principal costs a quiet one, with and without rate limits, and what silent connections cost the clients that
//! send requests.
//!
//! | module | what |
//! |---|---|
//! | `arguments` | the command line |
//! | `neighbour` | the quiet principal, alone and beside the noisy one |
//! | `noise` | the noisy principal |
//! | `crowd` | clients alone and beside silent connections |
//! | `reader` | one of these clients |
//! | `served` | requests that may not be served |
//! | `silence` | the silent connections |
//! | `result` | the tables, and what is to be reached |

mod arguments;
mod crowd;
mod neighbour;
mod noise;
mod reader;
mod result;
mod served;
mod silence;

use std::path::Path;

use anyhow::{Context, Result};

pub use self::arguments::Arguments;
use self::result::Results;
use super::stores::Stores;

/// Runs it; `executable` is the `system` program.
///
/// # Errors
/// If a server does not start, or a request of the noisy principal fails without being refused.
pub async fn run(executable: &Path, arguments: Arguments) -> Result<()> {
    let stores = Stores::start("")?;
    let mut results = Results::new(stores.versions()?, &arguments);
    neighbour::measure(executable, &stores, &arguments, &mut results)
        .await
        .context("a quiet principal beside a noisy one")?;
    crowd::measure(executable, &stores, &arguments, &mut results)
        .await
        .context("clients beside silent connections")?;
    results.publish(&arguments.output)
}
