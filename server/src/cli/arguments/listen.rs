//! Addresses to listen on, as Go's programs take them too: `:8080` is every interface, and names are resolved.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};

const EXPECTED: &str =
    "write HOST:PORT, for example 127.0.0.1:8080 or localhost:8080, or :8080 for all interfaces";

/// The address that a text names. Of several addresses of a name, it is the first IPv4 address, if there is one.
pub(super) fn listen_address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let (host, port) = text.rsplit_once(':').ok_or(EXPECTED)?;
    let port: u16 = port.parse().map_err(|_| EXPECTED)?;
    if host.is_empty() {
        return Ok(every_interface(port));
    }
    if host.contains([':', '/', '[', ']']) {
        return Err(EXPECTED.to_string());
    }
    let found: Vec<_> = (host, port)
        .to_socket_addrs()
        .map_err(|error| format!("the name {host} cannot be resolved: {error}; {EXPECTED}"))?
        .collect();
    let preferred = found.iter().find(|address| address.is_ipv4());
    preferred
        .or(found.first())
        .copied()
        .ok_or_else(|| format!("the name {host} has no address; {EXPECTED}"))
}

/// All addresses of IPv4 and IPv6; those of IPv4 alone where the machine has no IPv6.
fn every_interface(port: u16) -> SocketAddr {
    if TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0)).is_ok() {
        (Ipv6Addr::UNSPECIFIED, port).into()
    } else {
        (Ipv4Addr::UNSPECIFIED, port).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_bare_ports_are_addresses() {
        let address = |text: &str| listen_address(text).unwrap();
        assert_eq!(address("127.0.0.1:80"), (Ipv4Addr::LOCALHOST, 80).into());
        assert_eq!(address("[::1]:80"), (Ipv6Addr::LOCALHOST, 80).into());
        assert!(address("localhost:80").ip().is_loopback());
        let all = address(":80");
        assert!(all.ip().is_unspecified() && all.port() == 80);
        for odd in [
            "",
            "80",
            "localhost",
            ":",
            ":x",
            "::1:80",
            "http://a:80",
            "a:65536",
        ] {
            assert!(listen_address(odd).is_err(), "{odd:?}");
        }
        assert!(listen_address("nowhere.invalid:80").is_err());
    }
}
