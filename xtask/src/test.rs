//! placeholder
pub fn run(_full: bool) -> anyhow::Result<()> {
    Ok(())
}
