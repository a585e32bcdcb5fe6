//! Logging, to standard error.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::arguments::{LogFormat, LogLevel, LoggingArguments};

/// Crates whose log is ours. All others only warn, since what they would say at length holds signed URLs.
const OWN_CRATES: [&str; 3] = ["restow_server", "restow_inspect", "restow_embedded_s3"];

/// Begins to log.
pub fn start(arguments: &LoggingArguments) {
    let level = match arguments.log_level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let directives: Vec<_> = OWN_CRATES
        .iter()
        .map(|name| format!("{name}={level}"))
        .collect();
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::WARN.into())
        .parse_lossy(directives.join(","));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match arguments.log_format {
        LogFormat::Text => log
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .init(),
        LogFormat::Json => log.json().init(),
    }
}
