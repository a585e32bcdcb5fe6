//! What an operator does with events.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum EventsAction {
    /// Print events as JSON, one a line, in the order in which they happened
    #[command(
        after_help = "Examples:\n  restow-server events export > events.ndjson\n  \
                      restow-server events export --after 4711 | jq 'select(.outcome == \"refused\")'"
    )]
    Export {
        /// Only those behind the event with this number, for example the last one of the export before
        #[arg(long, value_name = "ID", default_value_t = 0)]
        after: u64,
    },
}
