//! Listening for connections.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

/// Connections that the system has made and that wait to be accepted. Linux makes at most so many by default
/// (`net.core.somaxconn`). Above, clients see their connection delayed by a second or more.
const BACKLOG: u32 = 4096;

/// Listens on an address. The port of a process that has ended can be listened on at once.
///
/// # Errors
/// If the address is in use, or none of this machine.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // On Windows, it would let two processes have the port.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
