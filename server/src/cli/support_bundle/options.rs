//! The options of the process, without secrets.

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};
use serde_json::{Map, Value, json};

/// What stands in the place of a secret.
const REDACTED: &str = "(redacted)";

/// Every option of `serve` and of the chosen command with its value and where that comes from, and the names of the AWS
/// variables that are set. An option whose value the help hides is a secret; of URLs, only scheme, host and port are kept.
pub fn options(command: &Command, matches: &ArgMatches) -> Value {
    let mut options = Map::new();
    // What only `serve` takes is as a server with this file and environment has it. A value that it rejects is in its own error.
    let serve = [command.get_name(), "serve"];
    if let Ok(served) = command.clone().try_get_matches_from(serve) {
        collect(command, &served, &mut options);
    }
    collect(command, matches, &mut options);
    json!({ "options": options, "aws_variables": aws_variables() })
}

fn collect(command: &Command, matches: &ArgMatches, options: &mut Map<String, Value>) {
    let (command, matches) = match matches.subcommand() {
        Some((name, chosen)) => match command.find_subcommand(name) {
            Some(command) => (command, chosen),
            None => (command, matches),
        },
        None => (command, matches),
    };
    for argument in command.get_arguments() {
        let id = argument.get_id().as_str();
        // Those that are only printed, like --help, are no values.
        let Ok(Some(values)) = matches.try_get_raw(id) else {
            continue;
        };
        let values: Vec<_> = values
            .map(|value| redacted(argument, &value.to_string_lossy()))
            .collect();
        let source = match matches.value_source(id) {
            Some(ValueSource::CommandLine) => "command line",
            Some(ValueSource::EnvVariable) => "environment",
            // The entries of the configuration file are defaults, too.
            _ => "configuration file or default",
        };
        let option = json!({ "values": values, "source": source });
        options.insert(argument.get_long().unwrap_or(id).to_string(), option);
    }
}

fn redacted(argument: &Arg, value: &str) -> String {
    if argument.is_hide_env_values_set() {
        return match value.split_once("://") {
            Some((scheme, _)) if is_scheme(scheme) => format!("{scheme}://{REDACTED}"),
            _ => REDACTED.to_string(),
        };
    }
    without_url_secrets(value)
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A URL without user, password, path, query and fragment; any other text as it is.
fn without_url_secrets(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else {
        return value.to_string();
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if host.len() == rest.trim_end_matches('/').len() {
        format!("{scheme}://{rest}")
    } else {
        format!("{scheme}://{host}/{REDACTED}")
    }
}

/// The names of the variables from which AWS's default chain takes credentials and settings.
fn aws_variables() -> Vec<String> {
    let mut names: Vec<_> = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with("AWS_"))
        .collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::super::super::arguments::Arguments;
    use super::*;

    fn options_of(arguments: &[&str]) -> Value {
        let command = Arguments::command();
        let matches = command.clone().try_get_matches_from(arguments).unwrap();
        options(&command, &matches)["options"].take()
    }

    #[test]
    fn secrets_are_redacted_by_kind() {
        let options = options_of(&[
            "restow-server",
            "serve",
            "--database-url",
            "postgres://restow:canary@db.example/restow",
            "--s3-bucket",
            "data",
            "--s3-upload-access-key",
            "canary",
            "--s3-upload-secret-key",
            "canary",
            "--s3-endpoint",
            "https://user:canary@s3.example:9000/canary?canary#canary",
            "--part-size",
            "8MiB",
        ]);
        assert!(!options.to_string().contains("canary"), "{options}");
        let value = |name: &str| options[name]["values"][0].clone();
        assert_eq!(value("s3-bucket"), "data");
        assert_eq!(value("part-size"), "8MiB");
        assert_eq!(value("database-url"), "postgres://(redacted)");
        assert_eq!(value("s3-endpoint"), "https://s3.example:9000/(redacted)");
        assert_eq!(options["part-size"]["source"], "command line");
        assert_eq!(value("url-expires"), "1h");
    }

    #[test]
    fn options_of_servers_are_included() {
        let options = options_of(&[
            "restow-server",
            "support-bundle",
            "--output",
            "-",
            "--listen",
            "127.0.0.1:9",
        ]);
        let value = |name: &str| options[name]["values"][0].clone();
        assert_eq!(value("drain"), "5s");
        assert_eq!(value("principal-rate"), "60000/1m");
        assert_eq!(value("listen"), "127.0.0.1:9");
        assert_eq!(options["listen"]["source"], "command line");
    }

    #[test]
    fn urls_without_secrets_are_kept() {
        for url in ["https://s3.example", "http://127.0.0.1:8081/", "not a URL"] {
            assert_eq!(without_url_secrets(url), url);
        }
    }
}
