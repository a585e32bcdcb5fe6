//! Free ports for servers.

use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;

use anyhow::{Result, ensure};

/// Ports below those that systems give to outgoing connections, so that a port is still free when a dead server comes
/// back to it.
const PORTS: Range<u16> = 10_240..32_768;

/// Different ports of this machine that were free a moment ago.
///
/// # Errors
/// If there are not enough.
pub fn free_ports<const COUNT: usize>() -> Result<[u16; COUNT]> {
    // The search begins at a random port, so that processes rarely collide.
    let start = rand::random_range(PORTS);
    let candidates = (start..PORTS.end).chain(PORTS.start..start);
    // All are held at once, or the same port would be found again.
    let held: Vec<(u16, TcpListener)> = candidates
        .filter_map(|port| {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()?;
            Some((port, listener))
        })
        .take(COUNT)
        .collect();
    ensure!(held.len() == COUNT, "there are no free ports");
    Ok(std::array::from_fn(|number| held[number].0))
}
