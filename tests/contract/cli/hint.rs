//! Hints for rejected files: the commands that they name work.

use anyhow::{Context, Result};
use bytes::Bytes;

use super::shell::{Ran, Shell};
use crate::fixture::{System, gzip};

/// A shell with the dataset `rows`.
async fn with_dataset() -> Result<(System, Shell)> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    system.dataset("rows").await?;
    Ok((system, shell))
}

/// The words of the first command of a hint, without the quotes of the shell.
fn hinted(ran: &Ran) -> Result<Vec<&str>> {
    let hint = ran.stderr.split_once("hint: `restow ");
    let (command, _) = hint
        .and_then(|(_, hint)| hint.split_once('`'))
        .with_context(|| format!("no hint in {ran:?}"))?;
    let words = command.split_whitespace();
    Ok(words.map(|word| word.trim_matches('\'')).collect())
}

#[tokio::test]
async fn hint_inspects_again_as_findings_suggest() -> Result<()> {
    let (_system, shell) = with_dataset().await?;
    let table = "a,b\n1,2\n3,4\n";
    for (content, stated, expected) in [
        (
            "a;b\n1;2\n3;4\n".into(),
            &["--delimiter", ","][..],
            &["--delimiter", ";"][..],
        ),
        // The price would be two fields.
        (
            "a\tb\n1\t2,5\n3\t4\n".into(),
            &["--delimiter", ",", "--encoding", "utf-8"],
            &["--delimiter", "tab", "--encoding", "utf-8"],
        ),
        (
            Bytes::from_static(b"a,b\ncaf\xe9,2\nth\xe9,4\n"),
            &["--encoding", "utf-8"],
            &["--encoding", "windows-1252"],
        ),
        (gzip(table.as_bytes())?, &[], &["--compression", "gzip"]),
        (
            "{\"a\": 1, \"b\": 2}\n{\"a\": 3, \"b\": 4}\n".into(),
            &[],
            &["--format", "ndjson"],
        ),
        ("a,b\n\"1,2\n3,4\n".into(), &[], &["--quote", "none"]),
    ] {
        shell.write("rows.csv", Bytes::clone(&content))?;
        let push = [&["push", "rows.csv"][..], stated].concat();
        let ran = shell.ends(9, &push).await?;
        let hint = hinted(&ran)?;
        assert_eq!(hint[..2], ["job", "inspect"], "{ran:?}");
        assert_eq!(&hint[3..], expected, "{ran:?}");
        let preview = shell.json(&hint).await?;
        assert_eq!(preview["row_count"], 2, "{content:?}");
        shell.run(&["job", "cancel", hint[2]]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn hint_offers_options_of_warnings() -> Result<()> {
    let (_system, shell) = with_dataset().await?;
    shell.write("rows.csv", "id,score\n1,NA\n2,5\n3,6,7\n")?;
    let ran = shell.ends(9, &["push", "rows.csv"]).await?;
    let expected = "with options such as `--null NA` inspects it again";
    assert!(ran.stderr.contains(expected), "{ran:?}");
    // Nothing but another file helps.
    shell.write("rows.csv", "version https://git-lfs.github.com/spec/v1\n")?;
    let ran = shell.ends(9, &["push", "rows.csv"]).await?;
    let expected = "with other options, which `restow job inspect --help` lists";
    assert!(ran.stderr.contains(expected), "{ran:?}");
    Ok(())
}
