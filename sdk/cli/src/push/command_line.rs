//! The command line that resumes a push.

use std::path::Path;

use clap::ValueEnum;

use super::arguments::{Commit, DEFAULT_FILES, PushArguments};
use super::glob::Glob;
use super::target::Target;
use crate::replaces::Replaces;
use crate::shell_word::{option_words, shell_word};

/// The command line that pushes `targets` with the same options as `arguments`.
pub fn command_line(arguments: &PushArguments, targets: &[&Target]) -> String {
    let mut words = vec!["restow".to_string(), "push".to_string()];
    if arguments.files.iter().any(|path| path.is_dir()) {
        // The name of a dataset depends on the directory that its file was found in.
        words.extend(arguments.files.iter().map(|path| file_word(path)));
    } else {
        words.extend(targets.iter().map(|target| file_word(&target.path)));
    }
    words.extend(options(arguments, targets));
    let globs = |name, globs: &[Glob]| -> Vec<String> {
        let words = globs.iter().map(|glob| option_words(name, glob.as_str()));
        words.collect()
    };
    words.extend(globs("--include", &arguments.selection.include));
    words.extend(globs("--exclude", &arguments.selection.exclude));
    words.extend(arguments.read.words());
    words.extend(arguments.accept.words());
    let reports = arguments.report.iter();
    words.extend(reports.map(|report| option_words("--report", report.to_string())));
    let switches = [
        ("--create", arguments.create),
        ("--no-resume", arguments.no_resume),
        ("--skip-unchanged", arguments.skip_unchanged),
    ];
    words.extend(
        switches
            .iter()
            .filter(|(_, given)| *given)
            .map(|(name, _)| (*name).to_string()),
    );
    words.join(" ")
}

/// The options with values, quoted for a shell.
fn options(arguments: &PushArguments, targets: &[&Target]) -> impl Iterator<Item = String> {
    let is_single = matches!(&arguments.files[..], [only] if !only.is_dir());
    let dataset = targets
        .first()
        .filter(|_| is_single)
        .map(|only| only.dataset.clone());
    let commit = (arguments.commit != Commit::IfCompatible)
        .then(|| arguments.commit.to_possible_value())
        .flatten();
    let version = |replaces: Replaces| {
        replaces
            .0
            .map_or_else(|| "none".to_string(), |version| version.to_string())
    };
    let files_at_once = Some(arguments.files_at_once).filter(|files| *files != DEFAULT_FILES);
    let options = [
        ("--dataset", dataset),
        ("--filename", arguments.filename.clone()),
        ("--content-type", arguments.content_type.clone()),
        ("--commit", commit.map(|value| value.get_name().to_string())),
        ("--replaces", arguments.replaces.map(version)),
        (
            "--concurrency",
            arguments.concurrency.map(|parts| parts.to_string()),
        ),
        ("--files", files_at_once.map(|files| files.to_string())),
    ];
    options
        .into_iter()
        .filter_map(|(name, value)| Some(option_words(name, value?)))
}

/// A path, quoted for a shell, that is never parsed as an option.
fn file_word(path: &Path) -> String {
    let name = path.as_os_str().as_encoded_bytes();
    if name.starts_with(b"-") && name != b"-" {
        shell_word(Path::new(".").join(path))
    } else {
        shell_word(path)
    }
}

#[cfg(test)]
mod tests {
    use super::super::target::targets;
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        push: PushArguments,
    }

    fn command_line(arguments: &[&str]) -> String {
        let parsed = Command::parse_from([&["push"], arguments].concat()).push;
        super::command_line(
            &parsed,
            &targets(&parsed, None).unwrap().iter().collect::<Vec<_>>(),
        )
    }

    #[test]
    fn command_line_repeats_all_options() {
        assert_eq!(
            command_line(&["weather.csv"]),
            "restow push weather.csv --dataset weather"
        );
        assert_eq!(
            command_line(&[
                "it's new.csv",
                "-d",
                "weather",
                "--commit",
                "never",
                "--replaces",
                "none"
            ]),
            "restow push 'it'\\''s new.csv' --dataset weather --commit never --replaces none"
        );
        assert_eq!(
            command_line(&["a.csv", "b.csv", "--create"]),
            "restow push a.csv b.csv --create"
        );
        assert_eq!(
            command_line(&[
                "a.csv",
                "b.csv",
                "--no-resume",
                "--concurrency",
                "2",
                "--files",
                "3"
            ]),
            "restow push a.csv b.csv --concurrency 2 --files 3 --no-resume"
        );
    }

    #[test]
    fn command_line_repeats_how_to_read_and_commit() {
        let arguments = [
            "a.csv",
            "--accept",
            "rows_lost",
            "--force",
            "--delimiter",
            ";",
            "--report",
            "junit=a b.xml",
        ];
        assert_eq!(
            command_line(&arguments),
            "restow push a.csv --dataset a --delimiter ';' --accept rows_lost --force --report 'junit=a b.xml'"
        );
    }

    #[test]
    fn leading_hyphens_are_not_options() {
        for arguments in [&["--", "-x.csv"][..], &["./-x.csv"]] {
            assert_eq!(command_line(arguments), "restow push ./-x.csv --dataset=-x");
        }
        let expected = "restow push - --dataset=- --filename x.csv";
        assert_eq!(command_line(&["-", "--filename", "x.csv"]), expected);
    }
}
