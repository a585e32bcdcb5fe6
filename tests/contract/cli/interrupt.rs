//! Commands that are interrupted by a signal.

use anyhow::Result;
use restow_tests::fault_proxy::{Fault, Operation, Seen};

use super::shell::Shell;
use super::terminal::{CTRL_C, signal};
use crate::fixture::{FaultyLine, PART_SIZE, Proxied, eventually, noise};

/// Columns in which a bar has room for all details.
const WIDE: u16 = 160;

#[tokio::test]
async fn early_interrupt_keeps_the_lines_above() -> Result<()> {
    let proxied = Proxied::start_with(&[])?;
    proxied.system.dataset("noise").await?;
    proxied
        .proxy
        .inject(Operation::CreateMultipartUpload, 1.., Fault::Hang);
    let shell = Shell::at(&proxied.system)?;
    shell.write("noise.bin", noise(2 * PART_SIZE, 1))?;
    let terminal = shell.terminal_of_sh(WIDE, "echo before; restow push noise.bin")?;
    let is_create = |seen: &Seen| seen.operation == Operation::CreateMultipartUpload;
    eventually("a job to be created", async || {
        proxied.proxy.seen().iter().any(is_create).then_some(())
    })
    .await;
    terminal.press(CTRL_C).await?;
    let text = terminal.ended().await?.text();
    assert!(
        text.starts_with("before\nerror: interrupted\n hint: "),
        "{text}"
    );
    Ok(())
}

#[tokio::test]
async fn second_interrupt_ends_the_process() -> Result<()> {
    let line = FaultyLine::start()?;
    line.proxy.inject(None, 1.., Fault::Hang);
    let shell = Shell::at(&line.system)?;
    let terminal = shell.terminal(WIDE, &["doctor"])?;
    eventually("an upload", async || {
        (!line.proxy.seen().is_empty()).then_some(())
    })
    .await;
    // A stopped server blocks the cleanup of doctor.
    let server = Some(line.system.server.id());
    signal("STOP", server).await?;
    let ended = eventually("the end of doctor", async || {
        // Two signals at the same time can be merged into one.
        let _ = terminal.press(CTRL_C).await;
        terminal.is_closed().then_some(())
    });
    ended.await;
    signal("CONT", server).await?;
    assert_eq!(terminal.ended().await?.code, 130);
    Ok(())
}
