//! Passes bytes on.

use anyhow::Result;
use tokio::net::TcpStream;

/// Passes bytes on in both directions, until one side ends.
pub async fn copy(mut client: TcpStream, mut server: TcpStream) -> Result<()> {
    tokio::io::copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}
