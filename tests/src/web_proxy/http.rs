//! HTTP proxies: tunnels by CONNECT, and requests with the whole URL.

use anyhow::{Context, Result};
use reqwest::Url;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::conduct::{Conduct, PASSWORD, USER};
use super::relay::copy;

const REFUSAL: &str =
    "HTTP/1.1 403 Forbidden\r\ncontent-length: 9\r\nconnection: close\r\n\r\nby policy";

const DEMAND: &str = "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\
                      content-length: 0\r\nconnection: close\r\n\r\n";

/// Reads the head of a request, and does what it asks for.
pub async fn relay(mut client: TcpStream, conduct: Conduct, record: impl Fn(&str)) -> Result<()> {
    let head = head(&mut client).await?;
    let reply = match conduct {
        Conduct::Refuse => Some(REFUSAL),
        Conduct::Demand if !is_authorized(&head) => Some(DEMAND),
        _ => None,
    };
    if let Some(reply) = reply {
        return refuse(client, reply).await;
    }
    let (line, headers) = head.split_once("\r\n").context("no request line")?;
    let mut words = line.split(' ');
    let (method, target) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    if method == "CONNECT" {
        let server = TcpStream::connect(target).await?;
        record(target);
        client
            .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
            .await?;
        return copy(client, server).await;
    }
    let url = Url::parse(target)?;
    let authority = url.authority().to_string();
    let mut server = TcpStream::connect(&authority).await?;
    record(&authority);
    let path = &target[target.find(&authority).unwrap_or_default() + authority.len()..];
    // Further requests of the connection would have whole URLs as well.
    let headers = headers.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
    let head = format!("{method} {path} HTTP/1.1\r\n{headers}");
    server.write_all(head.as_bytes()).await?;
    copy(client, server).await
}

async fn head(client: &mut TcpStream) -> Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    Ok(String::from_utf8(head)?)
}

/// Sends a reply, and reads what the client still sends: it may not see a reply if the connection ends before.
async fn refuse(mut client: TcpStream, reply: &str) -> Result<()> {
    client.write_all(reply.as_bytes()).await?;
    client.shutdown().await?;
    tokio::io::copy(&mut client, &mut tokio::io::sink()).await?;
    Ok(())
}

fn is_authorized(head: &str) -> bool {
    let credentials = base64_of(&format!("{USER}:{PASSWORD}"));
    let expected = format!("proxy-authorization: basic {credentials}").to_ascii_lowercase();
    head.to_ascii_lowercase().contains(&expected)
}

fn base64_of(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}
