//! Which servers there are.

use std::fmt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::command::output;
use super::installation::Installation;
use super::site::Site;
use super::{ceph, seaweedfs};

/// Which server.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// `SeaweedFS`: master, volume server, filer and S3 gateway in one process.
    SeaweedFs,
    /// Ceph: a monitor, an OSD that keeps its objects in memory, and the RADOS gateway.
    Ceph,
}

impl Kind {
    /// Every server that there is a launcher of.
    pub const ALL: [Self; 2] = [Self::SeaweedFs, Self::Ceph];

    /// The server of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Its name below the directory of installations.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SeaweedFs => "seaweedfs",
            Self::Ceph => "ceph",
        }
    }

    /// The process that serves S3.
    pub(super) fn gateway(self, site: &Site) -> Command {
        match self {
            Self::SeaweedFs => seaweedfs::gateway(site),
            Self::Ceph => ceph::gateway(site),
        }
    }

    /// Where it is installed, if it is.
    pub(super) fn installation(self) -> Option<Installation> {
        Installation::named(self.name())
    }

    /// The version that its own program prints.
    pub(super) fn version(self, installation: &Installation) -> Result<String> {
        let (mut command, argument) = match self {
            Self::SeaweedFs => (seaweedfs::program(installation), "version"),
            Self::Ceph => (ceph::program(installation, "radosgw"), "--version"),
        };
        command.arg(argument);
        // "version 8000GB 4.48 linux amd64"; "ceph version 16.2.15 (...) pacific (stable)"
        let printed = output(command)?;
        printed
            .split_whitespace()
            .nth(2)
            .map(str::to_string)
            .with_context(|| format!("no version: {printed}"))
    }

    /// Sockets that it makes outside of its directory, and leaves there when it is killed.
    pub(super) fn sockets(self, site: &Site) -> Vec<PathBuf> {
        match self {
            Self::SeaweedFs => seaweedfs::sockets(site),
            Self::Ceph => Vec::new(),
        }
    }

    /// The command that removes deleted data for good, where the server postpones that.
    pub(super) fn garbage_collection(self, site: &Site) -> Option<Command> {
        match self {
            Self::SeaweedFs => None,
            Self::Ceph => Some(ceph::garbage_collection(site)),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SeaweedFs => "SeaweedFS",
            Self::Ceph => "Ceph RGW",
        })
    }
}
