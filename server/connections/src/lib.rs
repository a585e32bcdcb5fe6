//! HTTP/1.1 connections of a server: how many there are, how long they may be silent, and how they end.
//!
//! The API and the embedded S3 accept connections, take a slot of their [`Slots`] for each, and [`serve`] it; over TLS, after a
//! [`handshake`].

mod handshake;
mod listen;
mod serve;
mod slot;
mod transport;

pub use handshake::handshake;
pub use listen::listen;
pub use serve::{Hold, Timeouts, serve};
pub use slot::{Slot, Slots};
pub use transport::Transport;
