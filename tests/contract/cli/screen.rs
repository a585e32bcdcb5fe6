//! Text and colors on a terminal.

use anyhow::Result;
use vt100::Color;

use super::shell::Shell;
use super::terminal::has_colors;
use crate::fixture::{System, csv};

const RED: Color = Color::Idx(1);
const GREEN: Color = Color::Idx(2);

/// Parts of the preview of a file with an added, a removed and a changed column, in order.
const PREVIEW: [&str; 8] = [
    "csv: 1 row, 3 columns\n",
    "\nCOLUMN    TYPE ",
    "\nheight    ",
    "\nFirst row\nid  height  measured\n 1     3.5  2026-01-01\n",
    "\nCompared with version 1\n",
    "\n  - Column `city`",
    "\n  + Column `measured`",
    "\nBreaking: readers of version 1 may fail to read this file",
];

/// Fails unless `text` contains the parts in their order.
fn assert_in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let found = rest.find(part);
        assert!(found.is_some(), "{part:?} is missing or misplaced: {text}");
        rest = &rest[found.unwrap_or_default()..];
    }
}

#[tokio::test]
async fn preview_is_a_table_with_colored_diff() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let dataset_id = system.dataset("rows").await?;
    system
        .publish(dataset_id, "rows.csv", "id,height,city\n1,3,Bern\n".into())
        .await?;
    let job = system
        .prepare(
            dataset_id,
            "rows.csv",
            "id,height,measured\n1,3.5,2026-01-01\n".into(),
        )
        .await?;
    let job_id = job.job_id.to_string();
    let ended = shell.terminal(80, &["preview", &job_id])?.ended().await?;
    let text = ended.text();
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    assert!(
        lines.iter().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    assert_in_order(&lines.join("\n"), &PREVIEW);
    for (text, color) in [
        ("+ Column `measured`", GREEN),
        ("- Column `city`", RED),
        ("~ Column `height`", RED),
        ("Breaking", RED),
    ] {
        assert_eq!(ended.color_of(text), Some(color), "{text}");
    }
    // Columns that do not fit are counted.
    let ended = shell.terminal(20, &["preview", &job_id])?.ended().await?;
    assert!(ended.text().contains("more column"), "{}", ended.text());
    assert!(!ended.text().contains("NULLS"), "{}", ended.text());
    Ok(())
}

#[tokio::test]
async fn colors_follow_terminal_and_options() -> Result<()> {
    let system = System::start()?;
    let mut shell = Shell::at(&system)?;
    shell.write("rows.csv", csv(5))?;
    let (push, unknown) = (
        ["push", "rows.csv", "--create"],
        ["dataset", "show", "unknown"],
    );
    let ended = shell.terminal(100, &push)?.ended().await?;
    assert_eq!(ended.color_of("✓"), Some(GREEN));
    let ended = shell.terminal(100, &unknown)?.ended().await?;
    assert_eq!((ended.code, ended.color_of("error:")), (4, Some(RED)));

    let never = [&push[..], &["--color", "never"]].concat();
    assert!(!shell.terminal(100, &never)?.ended().await?.has_colors());
    let always = shell
        .ends(4, &[&unknown[..], &["--color", "always"]].concat())
        .await?;
    assert!(has_colors(always.stderr.as_bytes()), "{always:?}");
    let plain = shell.ends(4, &unknown).await?;
    assert!(!plain.stderr.contains('\u{1b}'), "{plain:?}");

    shell = shell.with("NO_COLOR", "1");
    for command in [
        &push[..],
        &unknown,
        &["dataset", "list"],
        &["--help"],
        &["frobnicate"],
        &["doctor"],
    ] {
        let ended = shell.terminal(100, command)?.ended().await?;
        assert!(
            !ended.has_colors(),
            "{command:?}: {:?}",
            String::from_utf8_lossy(&ended.bytes)
        );
    }
    Ok(())
}

#[tokio::test]
async fn dumb_terminal_gets_plain_lines() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("rows.csv", csv(5))?;
    let ended = shell
        .terminal_of_sh(100, "TERM=dumb restow push rows.csv --create")?
        .ended()
        .await?;
    assert_eq!(ended.code, 0, "{}", ended.text());
    assert!(
        !ended.bytes.contains(&0x1b),
        "{:?}",
        String::from_utf8_lossy(&ended.bytes)
    );
    assert!(
        ended.text().starts_with("Uploading rows.csv: "),
        "{}",
        ended.text()
    );
    Ok(())
}

#[tokio::test]
async fn control_characters_in_names_are_escaped() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let dataset_id = system.dataset("escaped").await?;
    system
        .publish(
            dataset_id,
            "turned \u{202e}around.csv",
            "\"a\u{1b}[31mred\",b\n1,\u{1b}]0;title\u{7}\n".into(),
        )
        .await?;
    let job = system
        .prepare(dataset_id, "rows.csv", "\"a\u{1b}[31mred\"\n1\n".into())
        .await?;
    let (id, job_id) = (dataset_id.to_string(), job.job_id.to_string());
    for command in [
        &["dataset", "list"][..],
        &["dataset", "show", &id],
        &["versions", &id],
        &["preview", &job_id],
    ] {
        let ended = shell
            .terminal(100, &[command, &["--color", "never"]].concat())?
            .ended()
            .await?;
        assert_eq!(ended.code, 0, "{}", ended.text());
        let bytes = String::from_utf8_lossy(&ended.bytes);
        assert!(
            !bytes.contains(['\u{1b}', '\u{7}', '\u{202e}']),
            "{command:?}: {bytes:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn locale_without_utf8_gets_ascii() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?.with("LC_ALL", "C");
    let long = "a name that is far too long to stand beside a bar.csv";
    shell.write("rows.csv", csv(5))?;
    shell.write(long, csv(5))?;
    for command in [
        &["push", "rows.csv", long, "--create"][..],
        &["push", "rows.csv", "--force"],
        &["preview", "rows"],
        &["pull", "rows", "-o", "copy.csv"],
        &["pull", "unknown"],
    ] {
        let ended = shell.terminal(60, command)?.ended().await?;
        assert!(ended.bytes.is_ascii(), "{command:?}: {}", ended.text());
    }
    let pushed = shell.json(&["push", "rows.csv"]).await?;
    assert_eq!(pushed["unchanged"], true);
    Ok(())
}
