//! Help and completions, which need no server.

use anyhow::{Context, Result, ensure};

use super::shell::Shell;

const COMMANDS: [&str; 23] = [
    "login",
    "logout",
    "whoami",
    "config",
    "status",
    "dataset",
    "token",
    "trust",
    "webhook",
    "push",
    "pull",
    "jobs",
    "job",
    "preview",
    "versions",
    "diff",
    "restore",
    "doctor",
    "api",
    "open",
    "man",
    "version",
    "completions",
];

/// Names of the commands in a help text.
fn listed(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    lines
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_string)
        .collect()
}

#[tokio::test]
async fn every_help_has_an_example() -> Result<()> {
    let shell = Shell::new()?;
    let help = shell.run(&["--help"]).await?.stdout;
    assert_eq!(listed(&help), COMMANDS);
    let mut paths: Vec<Vec<String>> = listed(&help).into_iter().map(|name| vec![name]).collect();
    let mut walked = 0;
    while let Some(path) = paths.pop() {
        let words: Vec<&str> = path.iter().map(String::as_str).collect();
        let help = shell.run(&[&words[..], &["--help"]].concat()).await?.stdout;
        let example = help
            .split_once("Example")
            .with_context(|| format!("{path:?} has no example"))?
            .1;
        ensure!(
            example.contains(&format!("  restow {}", words[0])),
            "the example of {path:?} is for another command: {example}"
        );
        ensure!(
            shell.run(&[&["help"], &words[..]].concat()).await?.stdout == help,
            "`help {path:?}` and `{path:?} --help` differ"
        );
        paths.extend(
            listed(&help)
                .into_iter()
                .map(|name| [&path[..], &[name]].concat()),
        );
        walked += 1;
    }
    assert_eq!(
        walked,
        COMMANDS.len() + 11 + 5 + 3 + 3 + 6,
        "subcommands are missing"
    );
    Ok(())
}

#[tokio::test]
async fn help_lists_exit_codes_and_variables() -> Result<()> {
    let help = Shell::new()?.run(&["--help"]).await?.stdout;
    let codes = help.split_once("Exit codes:\n").context("no exit codes")?.1;
    let codes: Vec<_> = codes
        .lines()
        .map_while(|line| line.split_whitespace().next()?.parse::<u8>().ok())
        .collect();
    assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 129, 130, 143]);
    for expected in [
        "RESTOW_ENDPOINT",
        "RESTOW_TOKEN",
        "RESTOW_PROFILE",
        "NO_COLOR",
        "SSL_CERT_FILE",
        "HTTPS_PROXY",
        "Examples:\n  restow login",
    ] {
        assert!(help.contains(expected), "{expected}");
    }
    Ok(())
}

#[tokio::test]
async fn completions_contain_every_command() -> Result<()> {
    let shell = Shell::new()?;
    for kind in ["bash", "zsh", "fish"] {
        let script = shell.run(&["completions", kind]).await?.stdout;
        for word in COMMANDS.iter().chain(&[
            "replaces",
            "rename",
            "cancel",
            "rotate-secret",
            "ca-file",
            "profile",
        ]) {
            assert!(script.contains(word), "{word} is missing for {kind}");
        }
    }
    shell.ends(2, &["completions", "abacus"]).await?;
    Ok(())
}

#[tokio::test]
async fn bash_completes_a_partial_command() -> Result<()> {
    let shell = Shell::new()?;
    let script = shell.run(&["completions", "bash"]).await?.stdout;
    shell.write("completions", &script)?;
    let complete = "COMP_WORDS=(restow prev); COMP_CWORD=1; _restow restow prev restow; echo \"${COMPREPLY[*]}\"";
    let bash = tokio::process::Command::new("bash")
        .args([
            "--norc",
            "-c",
            &format!(
                "source '{}'; {complete}",
                shell.path("completions").display()
            ),
        ])
        .output();
    let Ok(completed) = bash.await else {
        return Ok(());
    };
    assert_eq!(String::from_utf8(completed.stdout)?.trim(), "preview");
    Ok(())
}

#[tokio::test]
async fn missing_arguments_are_named() -> Result<()> {
    let shell = Shell::new()?
        .with("RESTOW_ENDPOINT", "http://127.0.0.1:9")
        .with("RESTOW_TOKEN", "x");
    for (arguments, missing) in [
        (&["preview"][..], "<JOB|DATASET>"),
        (&["job", "commit"], "<JOB|DATASET>"),
        (&["push", "--create"], "<FILE|DIR|->"),
        (&["pull"], "<DATASET>"),
        (&["api"], "<METHOD>"),
        (&["api", "GET"], "<PATH>"),
    ] {
        let ran = shell.ends(2, arguments).await?;
        assert!(
            ran.stderr.contains(missing) && !ran.stderr.contains("--endpoint"),
            "{ran:?}"
        );
    }
    Ok(())
}
