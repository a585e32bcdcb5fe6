//! The configuration file: its entries become the defaults of the options of the same names.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Arg, Command};
use toml::{Table, Value};

/// Takes the file over that `arguments` or the environment name, if they do.
///
/// # Errors
/// If the file cannot be read, is no TOML, or names an option that there is not.
pub fn apply(command: Command, arguments: &[OsString]) -> Result<Command> {
    let Some(path) = named_file(arguments) else {
        return Ok(command);
    };
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let entries: Table = text
        .parse()
        .with_context(|| format!("{} is not valid TOML", path.display()))?;
    set_defaults(command, &entries).with_context(|| path.display().to_string())
}

fn named_file(arguments: &[OsString]) -> Option<PathBuf> {
    let mut arguments = arguments.iter().map(|argument| argument.to_string_lossy());
    while let Some(argument) = arguments.next() {
        if argument == "--config" {
            return arguments.next().map(|path| Path::new(&*path).to_path_buf());
        }
        if let Some(path) = argument.strip_prefix("--config=") {
            return Some(path.into());
        }
    }
    std::env::var_os("RESTOW_CONFIG")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

fn set_defaults(mut command: Command, entries: &Table) -> Result<Command> {
    let mut known = BTreeSet::new();
    for (name, value) in entries {
        let texts = texts(value).with_context(|| {
            format!("{name} must be a string, an integer, a boolean or a list of strings")
        })?;
        command = set_default(command, name, &texts, &mut known);
    }
    if let Some(unknown) = entries.keys().find(|name| !known.contains(name.as_str())) {
        bail!("unknown option: {unknown}");
    }
    Ok(command)
}

fn set_default<'a>(
    command: Command,
    name: &'a str,
    texts: &[String],
    known: &mut BTreeSet<&'a str>,
) -> Command {
    let has = |argument: &Arg| entry(argument).as_deref() == Some(name) && name != "config";
    let id = command
        .get_arguments()
        .find(|argument| has(argument))
        .map(|argument| argument.get_id().to_string());
    let command = match id {
        Some(id) => {
            known.insert(name);
            command.mut_arg(id, |argument| argument.default_values(texts.to_vec()))
        }
        None => command,
    };
    command.mut_subcommands(|subcommand| set_default(subcommand, name, texts, known))
}

/// The name of an option's entry: that of its variable. What has none is about one run of a command, such as `--yes`, or about
/// something else than an option of the same name, such as the quota of a principal, and is not read from the file.
fn entry(argument: &Arg) -> Option<String> {
    let variable = argument.get_env()?.to_str()?;
    let name = variable.strip_prefix("RESTOW_")?;
    Some(name.to_ascii_lowercase().replace('_', "-"))
}

fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Integer(number) => Some(vec![number.to_string()]),
        Value::Boolean(switch) => Some(vec![switch.to_string()]),
        // What a list of tables means, the option knows, which takes it as JSON.
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_table) => {
            serde_json::to_string(items).ok().map(|json| vec![json])
        }
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(str::to_string))
            .collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, FromArgMatches};

    use super::super::arguments::{Arguments, Command as Chosen, PrincipalAction};
    use super::*;

    fn parse(file: &str, arguments: &[&str]) -> Result<Arguments> {
        let command = set_defaults(Arguments::command(), &file.parse()?)?;
        Ok(Arguments::from_arg_matches(
            &command.try_get_matches_from(arguments)?,
        )?)
    }

    #[test]
    fn command_line_overrides_configuration_file() {
        let file = "listen = \"127.0.0.1:9\"\nmax-parts = 7\nno-worker = true\nallowed-extensions = [\"csv\", \"tsv\"]\n\
                    part-size = \"8MiB\"\nlog-level = \"warn\"";
        let Chosen::Serve(serve) = parse(file, &["restow-server", "serve", "--max-parts", "9"])
            .unwrap()
            .command
        else {
            panic!("another command")
        };
        assert_eq!(serve.listen.port(), 9);
        assert!(serve.no_worker);
        assert_eq!(serve.work.uploads.max_parts, 9);
        assert_eq!(serve.work.uploads.allowed_extensions, ["csv", "tsv"]);
        assert_eq!(serve.work.uploads.part_size.as_u64(), 8 * 1024 * 1024);
    }

    #[test]
    fn issuers_are_a_list_of_tables() {
        let file = "[[oidc-issuers]]\nname = \"ci\"\nurl = \"https://issuer.example\"\n\
                    audiences = [\"https://restow.example\"]\ntrust-rules = \"github\"";
        let Chosen::Serve(serve) = parse(file, &["restow-server", "serve"]).unwrap().command else {
            panic!("another command")
        };
        assert_eq!(serve.oidc_issuers.unwrap().issuers[0].name, "ci");
        let unsafe_file = file.replace("https://issuer", "http://issuer");
        assert!(parse(&unsafe_file, &["restow-server", "serve"]).is_err());
    }

    #[test]
    fn servers_and_workers_listen_on_their_own_entries() {
        let file = "listen = \"127.0.0.1:9\"\nworker-listen = \"127.0.0.1:10\"";
        let Chosen::Worker(worker) = parse(file, &["restow-server", "worker"]).unwrap().command
        else {
            panic!("another command")
        };
        assert_eq!(worker.listen.unwrap().port(), 10);
    }

    #[test]
    fn options_without_variable_are_not_entries() {
        let file = "quota = \"5TiB\"\nmax-open-jobs = 3\nurl-rate = \"9/1m\"";
        let arguments = ["restow-server", "principal", "limit", "alice"];
        let Chosen::Principal { action, .. } = parse(file, &arguments).unwrap().command else {
            panic!("another command")
        };
        let PrincipalAction::Limit {
            quota,
            max_open_jobs,
            url_rate,
            ..
        } = action
        else {
            panic!("another action")
        };
        assert!(quota.is_none() && max_open_jobs.is_none() && url_rate.is_none());
        for (switch, arguments) in [
            ("yes", ["restow-server", "adopt"]),
            ("delete-unknown-objects", ["restow-server", "reap"]),
            ("pause", ["restow-server", "reap"]),
            ("json", ["restow-server", "fsck"]),
        ] {
            let refused = parse(&format!("{switch} = true"), &arguments);
            assert!(refused.is_err(), "{switch}");
        }
    }

    #[test]
    fn unknown_entries_and_invalid_values_are_rejected() {
        for odd in [
            "lissen = \"x\"",
            "listen = { a = 1 }",
            "listen = \"nowhere\"",
        ] {
            assert!(parse(odd, &["restow-server", "serve"]).is_err(), "{odd}");
        }
    }
}
