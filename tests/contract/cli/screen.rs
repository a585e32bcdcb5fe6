//! What a person sees on a terminal.

use anyhow::Result;
use restow_tests::fault_proxy::Operation;
use vt100::Color;

use super::shell::Shell;
use super::terminal::{Ended, Line, has_colours};
use crate::fixture::{FaultyLine, PART_SIZE, System, csv, noise};

const RED: Color = Color::Idx(1);
const GREEN: Color = Color::Idx(2);
const YELLOW: Color = Color::Idx(3);

/// Whether a line begins as those of bars do: with the spinner.
fn is_bar(line: &Line) -> bool {
    line.text
        .starts_with(|first: char| "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏".contains(first))
}

/// Fails if a bar ever took more than its line, or something of it is still there.
fn assert_bars_behaved(ended: &Ended, most_at_once: usize) {
    assert!(
        ended.frames.iter().flatten().any(is_bar),
        "there was no bar"
    );
    for frame in &ended.frames {
        let bars: Vec<_> = frame.iter().filter(|line| is_bar(line)).collect();
        assert!(
            bars.len() <= most_at_once,
            "a bar was left behind: {bars:?}"
        );
        // Bars fill their lines, and the next bar begins where one has filled its own.
        let longer = frame
            .windows(2)
            .find(|pair| is_bar(&pair[0]) && pair[0].is_wrapped && !is_bar(&pair[1]));
        assert!(
            longer.is_none(),
            "a bar was wider than the terminal: {longer:?}"
        );
    }
    let is_of_bar = |line: &Line| is_bar(line) || line.text.contains(['━', '╸', '─']);
    let last = ended.frames.last().map(Vec::as_slice).unwrap_or_default();
    assert!(
        !last.iter().any(is_of_bar),
        "a bar is still there:\n{}",
        ended.text()
    );
}

/// Pushes a file of four parts, of which one is held up, on a terminal with so many columns.
async fn push_with_pause(columns: u16, seen_meanwhile: &[&str]) -> Result<Ended> {
    let line = FaultyLine::start()?;
    let shell = Shell::at(&line.system)?;
    shell.write("noise.bin", noise(3 * PART_SIZE + 1000, 1))?;
    let held = line.proxy.hold(Operation::UploadPart(2));
    let terminal = shell.terminal(columns, &["push", "noise.bin", "--create"])?;
    for seen in seen_meanwhile {
        terminal.shows(seen).await;
    }
    let text = terminal.text();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(
        !text.contains("retr"),
        "what was sent is shown only when something else happens: {text}"
    );
    held.release();
    terminal.ended().await
}

fn assert_pushed(ended: &Ended) {
    assert_eq!(ended.code, 0, "{}", ended.text());
    let text = ended.text();
    assert!(
        text.starts_with("✓ noise is at version 1: noise.bin\n  15.0 MiB in "),
        "{text}"
    );
    assert_eq!(text.lines().count(), 2, "{text}");
    assert_bars_behaved(ended, 1);
}

#[tokio::test]
async fn a_wide_terminal_shows_how_many_bytes_and_parts_are_sent() -> Result<()> {
    let told = [
        "Uploading   noise.bin ━",
        "% ",
        "15.0 MiB of 15.0 MiB",
        "3 of 4 parts",
    ];
    let ended = push_with_pause(200, &told).await?;
    assert_pushed(&ended);
    assert!(
        !ended.lines_with("Inspecting").is_empty() || !ended.lines_with("Completing").is_empty()
    );
    Ok(())
}

#[tokio::test]
async fn a_terminal_of_eighty_columns_shows_the_bytes() -> Result<()> {
    assert_pushed(
        &push_with_pause(80, &["Uploading   noise.bin ━", "15.0 MiB of 15.0 MiB"]).await?,
    );
    Ok(())
}

#[tokio::test]
async fn a_narrow_terminal_shows_a_bar_that_fits() -> Result<()> {
    assert_pushed(&push_with_pause(60, &["Uploading   noise.bin ━", "%"]).await?);
    Ok(())
}

#[tokio::test]
async fn several_files_have_a_bar_each_and_results_between_them() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let names = [
        "a.csv",
        "a name that is far too long to stand beside a bar.csv",
        "日本.csv",
        "missing.csv",
    ];
    for name in &names[..3] {
        shell.write(name, csv(20_000))?;
    }
    let ended = shell
        .terminal(100, &[&["push"], &names[..], &["--create"]].concat())?
        .ended()
        .await?;
    assert_eq!(ended.code, 1, "{}", ended.text());
    assert_bars_behaved(&ended, 4);
    let text = ended.text();
    assert_eq!(text.matches("✓ ").count(), 3, "{text}");
    assert!(text.contains("error: missing.csv: "), "{text}");
    assert!(
        text.contains("✓ 日本 is at version 1: 日本.csv (20,000 rows)"),
        "{text}"
    );
    // Every line is one that was meant to stay.
    let stays = |line: &str| {
        ["✓ ", "  ", "error: ", " hint: "]
            .iter()
            .any(|start| line.starts_with(start))
    };
    assert!(text.lines().all(stays), "{text}");
    Ok(())
}

#[tokio::test]
async fn a_download_has_a_bar_too() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let dataset_id = system.dataset("noise").await?;
    system
        .publish(dataset_id, "noise.bin", noise(2 * PART_SIZE, 1))
        .await?;
    let ended = shell.terminal(80, &["pull", "noise"])?.ended().await?;
    assert_eq!(ended.code, 0, "{}", ended.text());
    assert_bars_behaved(&ended, 1);
    assert!(
        ended
            .text()
            .starts_with("✓ version 1 of noise in noise.bin\n"),
        "{}",
        ended.text()
    );
    assert_eq!(shell.read("noise.bin")?, noise(2 * PART_SIZE, 1));
    Ok(())
}

#[tokio::test]
async fn a_preview_is_a_table_with_a_coloured_difference() -> Result<()> {
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
    let expected = "csv: 1 row, 3 columns\n\nCOLUMN    TYPE     NULLS\nid        integer      0\n\
                    height    float        0\nmeasured  date         0\n\nFirst row\nid  height  measured\n \
                    1     3.5  2026-01-01\n\nCompared with version 1\n  + measured  date\n  - city      string\n  \
                    ~ height    integer → float\n\
                    Not compatible: readers of version 1 may not be able to read this file";
    assert_eq!(
        ended
            .text()
            .lines()
            .map(str::trim_end)
            .collect::<Vec<_>>()
            .join("\n"),
        expected
    );
    for (text, colour) in [
        ("+ measured", GREEN),
        ("- city", RED),
        ("~ height", YELLOW),
        ("Not compatible", RED),
    ] {
        assert_eq!(ended.colour_of(text), Some(colour), "{text}");
    }
    // What does not fit is left out, and said to be.
    let ended = shell.terminal(20, &["preview", &job_id])?.ended().await?;
    assert!(
        ended.text().contains("… and 1 more column"),
        "{}",
        ended.text()
    );
    assert!(!ended.text().contains("NULLS"), "{}", ended.text());
    Ok(())
}

#[tokio::test]
async fn colours_are_for_terminals_whose_owners_want_them() -> Result<()> {
    let system = System::start()?;
    let mut shell = Shell::at(&system)?;
    shell.write("rows.csv", csv(5))?;
    let (push, unknown) = (
        ["push", "rows.csv", "--create"],
        ["dataset", "show", "unknown"],
    );
    let ended = shell.terminal(100, &push)?.ended().await?;
    assert_eq!(ended.colour_of("✓"), Some(GREEN));
    let ended = shell.terminal(100, &unknown)?.ended().await?;
    assert_eq!((ended.code, ended.colour_of("error:")), (4, Some(RED)));

    let never = [&push[..], &["--color", "never"]].concat();
    assert!(!shell.terminal(100, &never)?.ended().await?.has_colours());
    let always = shell
        .ends(4, &[&unknown[..], &["--color", "always"]].concat())
        .await?;
    assert!(has_colours(always.stderr.as_bytes()), "{always:?}");
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
            !ended.has_colours(),
            "{command:?}: {:?}",
            String::from_utf8_lossy(&ended.bytes)
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_terminal_that_can_do_nothing_gets_lines() -> Result<()> {
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
async fn names_that_others_chose_do_nothing_to_the_terminal() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let dataset_id = system.dataset("turned \u{202e}around").await?;
    system
        .publish(
            dataset_id,
            "rows.csv",
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
