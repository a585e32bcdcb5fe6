//! SOCKS5 proxies (RFC 1928) without authentication.

use std::net::Ipv4Addr;

use anyhow::{Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::relay::copy;

/// Version of the protocol, the first byte of a connection.
pub const VERSION: u8 = 5;

/// Command to connect.
const CONNECT: u8 = 1;

/// Makes the connection that the client asks for.
pub async fn relay(mut client: TcpStream, record: impl Fn(&str)) -> Result<()> {
    let [_, methods] = client.read_u16().await?.to_be_bytes();
    let mut offered = vec![0; usize::from(methods)];
    client.read_exact(&mut offered).await?;
    client.write_all(&[VERSION, 0]).await?;
    let [_, command, _, kind] = client.read_u32().await?.to_be_bytes();
    if command != CONNECT {
        bail!("unknown command {command}");
    }
    let host = match kind {
        1 => Ipv4Addr::from(client.read_u32().await?).to_string(),
        3 => {
            let mut name = vec![0; usize::from(client.read_u8().await?)];
            client.read_exact(&mut name).await?;
            String::from_utf8(name)?
        }
        kind => bail!("unknown kind of address {kind}"),
    };
    let target = format!("{host}:{}", client.read_u16().await?);
    let server = TcpStream::connect(&target).await?;
    record(&target);
    let reply = [VERSION, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    client.write_all(&reply).await?;
    copy(client, server).await
}
