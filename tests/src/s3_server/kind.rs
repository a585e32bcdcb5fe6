//! Which servers there are.

use std::fmt;
use std::process::Command;

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

    /// The process that answers S3.
    pub(super) fn gateway(self, site: &Site) -> Command {
        match self {
            Self::SeaweedFs => seaweedfs::gateway(site),
            Self::Ceph => ceph::gateway(site),
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
