//! Progress bars on a terminal.

use anyhow::Result;
use restow_tests::fault_proxy::Operation;

use super::shell::Shell;
use super::terminal::{Ended, Line};
use crate::fixture::{FaultyLine, PART_SIZE, System, csv, eventually, noise};

/// Whether a line starts with a spinner, as those of bars do.
fn is_bar(line: &Line) -> bool {
    line.text
        .starts_with(|first: char| "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏".contains(first))
}

/// Fails if a bar ever took more than its line, or is still on the screen.
fn assert_bars_are_clean(ended: &Ended, max_bars: usize) {
    assert!(
        ended.frames.iter().flatten().any(is_bar),
        "no bar was drawn"
    );
    for frame in &ended.frames {
        let bars: Vec<_> = frame.iter().filter(|line| is_bar(line)).collect();
        assert!(bars.len() <= max_bars, "a bar was left behind: {bars:?}");
        // A bar fills its line, so the line after it may only be another bar.
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

/// Pushes a file of four parts, one of which is delayed, on a terminal with `columns`.
async fn push_with_pause(columns: u16, expected: &[&str]) -> Result<Ended> {
    let line = FaultyLine::start()?;
    let shell = Shell::at(&line.system)?;
    shell.write("noise.bin", noise(3 * PART_SIZE + 1000, 1))?;
    let held = line.proxy.hold(Operation::UploadPart(2));
    let terminal = shell.terminal(columns, &["push", "noise.bin", "--create"])?;
    for text in expected {
        terminal.shows(text).await;
    }
    let text = terminal.text();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(!text.contains("retr"), "the bar shows a retry: {text}");
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
    assert_bars_are_clean(ended, 1);
}

#[tokio::test]
async fn wide_terminal_shows_bytes_and_parts() -> Result<()> {
    let expected = [
        "Uploading   noise.bin ━",
        "% ",
        "15.0 MiB of 15.0 MiB",
        "3 of 4 parts",
    ];
    let ended = push_with_pause(200, &expected).await?;
    assert_pushed(&ended);
    assert!(
        !ended.lines_with("Inspecting").is_empty() || !ended.lines_with("Completing").is_empty()
    );
    Ok(())
}

#[tokio::test]
async fn eighty_columns_show_the_bytes() -> Result<()> {
    assert_pushed(
        &push_with_pause(80, &["Uploading   noise.bin ━", "15.0 MiB of 15.0 MiB"]).await?,
    );
    Ok(())
}

#[tokio::test]
async fn narrow_terminal_shows_a_bar() -> Result<()> {
    assert_pushed(&push_with_pause(60, &["Uploading   noise.bin ━", "%"]).await?);
    Ok(())
}

#[tokio::test]
async fn several_files_have_a_bar_each() -> Result<()> {
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
    // One for all files together.
    assert_bars_are_clean(&ended, 5);
    assert!(!ended.lines_with("Pushing     4 files").is_empty());
    let text = ended.text();
    assert_eq!(text.matches("✓ ").count(), 3, "{text}");
    assert!(text.contains("error: missing.csv: "), "{text}");
    assert!(
        text.contains("✓ 日本 is at version 1: 日本.csv (20,000 rows)"),
        "{text}"
    );
    // No line of a bar is left.
    let stays = |line: &str| {
        ["✓ ", "error: ", " hint: ", "3 pushed, 1 failed: "]
            .iter()
            .any(|start| line.starts_with(start))
    };
    assert!(text.lines().all(stays), "{text}");
    Ok(())
}

#[tokio::test]
async fn terminal_of_forty_columns_shows_a_bar() -> Result<()> {
    assert_pushed(&push_with_pause(40, &["Uploading   noi….bin ━", "%"]).await?);
    Ok(())
}

#[tokio::test]
async fn thirty_files_stay_readable() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let name = |day| format!("measurements of all stations 2026-01-{day:02}.csv");
    let names: Vec<String> = (1..=30).map(name).collect();
    for name in &names {
        shell.write(name, csv(2000))?;
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let push = [&["push"], &names[..], &["--create"]].concat();
    // Wide enough that no line is wrapped, and all of them stay on the screen.
    let ended = shell.terminal(160, &push)?.ended().await?;
    let text = ended.text();
    assert_eq!(ended.code, 0, "{text}");
    assert_bars_are_clean(&ended, 9);
    assert!(
        !ended.lines_with("0 files").is_empty(),
        "no bar of all files"
    );
    let bars = ended.frames.iter().flatten().filter(|line| is_bar(line));
    let is_distinguishable = |line: &Line| line.text.contains("measurements …2026-01-");
    assert!(
        bars.into_iter().any(is_distinguishable),
        "names are not cut in the middle"
    );
    assert_eq!(text.matches("✓ ").count(), 30, "{text}");
    let last = text.trim_end().lines().last().unwrap_or_default();
    assert!(last.starts_with("30 pushed: "), "{text}");
    Ok(())
}

#[tokio::test]
async fn download_has_a_bar() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let dataset_id = system.dataset("noise").await?;
    system
        .publish(dataset_id, "noise.bin", noise(2 * PART_SIZE, 1))
        .await?;
    let ended = shell.terminal(80, &["pull", "noise"])?.ended().await?;
    assert_eq!(ended.code, 0, "{}", ended.text());
    assert_bars_are_clean(&ended, 1);
    assert!(
        ended
            .text()
            .starts_with("✓ downloaded version 1 of noise to noise.bin\n"),
        "{}",
        ended.text()
    );
    assert_eq!(shell.read("noise.bin")?, noise(2 * PART_SIZE, 1));
    Ok(())
}

#[tokio::test]
async fn bars_follow_the_width_of_the_terminal() -> Result<()> {
    let line = FaultyLine::start()?;
    let shell = Shell::at(&line.system)?;
    let name = "measurements of all stations 2026.bin";
    shell.write(name, noise(3 * PART_SIZE + 1000, 1))?;
    let held = line.proxy.hold(Operation::UploadPart(2));
    let terminal = shell.terminal(120, &["push", name, "--create"])?;
    terminal.shows("measurements …tions 2026.bin ━").await;
    terminal.shows("15.0 MiB of 15.0 MiB").await;
    for (columns, shown) in [
        (60, "measureme…s 2026.bin ━"),
        (40, "mea….bin ━"),
        (120, "measurements …tions 2026.bin ━"),
    ] {
        terminal.resize(columns).await?;
        terminal.shows(shown).await;
        eventually("one bar is left", async || {
            (terminal.text().trim_end().lines().count() == 1).then_some(())
        })
        .await;
    }
    terminal.shows("15.0 MiB of 15.0 MiB").await;
    held.release();
    let ended = terminal.ended().await?;
    assert_eq!(ended.code, 0, "{}", ended.text());
    assert_bars_are_clean(&ended, 1);
    assert_eq!(ended.text().lines().count(), 2, "{}", ended.text());
    Ok(())
}
