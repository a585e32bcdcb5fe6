//! Which addresses webhooks may connect to, checked when the connection is made: what a name resolves to when the webhook is
//! created says nothing of later.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Networks of IPv4 that are not those of other machines on the Internet: by address and length of the prefix.
const SPECIAL_V4: [(Ipv4Addr, u8); 16] = [
    // This network, private ones (RFC 1918), shared by the customers of a provider (RFC 6598), this machine.
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // Of the link, with the metadata of cloud machines.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Of the same kind as the link's, at one provider.
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    // Multicast, reserved, broadcast.
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// The only network of IPv6 with addresses of other machines. Those that contain addresses of IPv4 (mapped, NAT64) are outside.
const GLOBAL_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Networks within that one that are not: those of protocols (Teredo among them), of documentation, and of 6to4.
const SPECIAL_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0x0db8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether an address is that of another machine on the Internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let is_in = |(network, length): (Ipv4Addr, u8)| {
                let differing = address.to_bits() ^ network.to_bits();
                u32::from(length) <= differing.leading_zeros()
            };
            !SPECIAL_V4.into_iter().any(is_in)
        }
        IpAddr::V6(address) => {
            let is_in = |(network, length): (Ipv6Addr, u8)| {
                let differing = address.to_bits() ^ network.to_bits();
                u32::from(length) <= differing.leading_zeros()
            };
            is_in(GLOBAL_V6) && !SPECIAL_V6.into_iter().any(is_in)
        }
    }
}

/// Why no connection is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the host has no public address")
    }
}

impl std::error::Error for NotPublic {}

/// Which addresses are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// Those of other machines on the Internet.
    Public,
    /// All.
    Any,
}

impl Allowed {
    /// Whether connections to an address are allowed.
    pub fn admits(self, address: IpAddr) -> bool {
        self == Self::Any || is_public(address)
    }

    /// Checks a host that is an address: names are checked when they are resolved.
    ///
    /// # Errors
    /// If it is not allowed.
    pub fn check_host(self, url: &Url) -> Result<(), NotPublic> {
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        match host.parse::<IpAddr>() {
            Ok(address) if !self.admits(address) => Err(NotPublic),
            _ => Ok(()),
        }
    }
}

/// Resolves names, and leaves out the addresses that are not allowed.
pub(super) struct CheckedResolver {
    inner: Arc<dyn Resolve>,
    allowed: Allowed,
}

impl CheckedResolver {
    pub fn new(inner: Arc<dyn Resolve>, allowed: Allowed) -> Self {
        Self { inner, allowed }
    }
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolving, allowed) = (self.inner.resolve(name), self.allowed);
        Box::pin(async move {
            let found: Vec<SocketAddr> = resolving.await?.collect();
            let admitted: Vec<_> = found
                .into_iter()
                .filter(|address| allowed.admits(address.ip()))
                .collect();
            if admitted.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}

/// The resolver of the system.
pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port of the URL takes its place.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_admitted() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.192",
            "198.18.0.1",
            "198.19.255.255",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "203.0.113.9",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "100::1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "126.255.255.255",
            "128.0.0.1",
            "172.15.255.255",
            "172.32.0.1",
            "192.167.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2001:4860:4860::8888",
            "2606:4700::1111",
            "2a00:1450::1",
            "3ffe::1",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn host_that_is_an_address_is_checked_however_it_is_written() {
        for host in [
            "127.0.0.1",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "127.1",
            "[::1]",
            "[::ffff:10.0.0.1]",
        ] {
            let url: Url = format!("https://{host}/").parse().unwrap();
            assert_eq!(Allowed::Public.check_host(&url), Err(NotPublic), "{host}");
            assert_eq!(Allowed::Any.check_host(&url), Ok(()), "{host}");
        }
        for host in ["8.8.8.8", "[2606:4700::1111]", "example.com"] {
            let url: Url = format!("https://{host}/").parse().unwrap();
            assert_eq!(Allowed::Public.check_host(&url), Ok(()), "{host}");
        }
    }
}
