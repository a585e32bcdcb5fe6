//! Ceph: a monitor, one OSD that keeps its objects in memory, and the RADOS gateway, from unpacked packages.

use std::fs;
use std::process::Command;

use anyhow::Result;
use uuid::Uuid;

use super::daemons::Daemons;
use super::installation::Installation;
use super::site::{DOMAIN, Site};

/// Where the packages keep their libraries.
const LIBRARIES: &str = "root/usr/lib/x86_64-linux-gnu";

/// The user that the gateway serves.
const USER: &str = "restow";

/// One of Ceph's programs, which finds its libraries without being installed.
pub fn program(installation: &Installation, name: &str) -> Command {
    let mut command = Command::new(installation.join("root/usr/bin").join(name));
    let libraries = [
        LIBRARIES,
        "root/usr/lib/x86_64-linux-gnu/ceph",
        "root/lib/x86_64-linux-gnu",
    ];
    let path = libraries
        .map(|directory| installation.join(directory).display().to_string())
        .join(":");
    command.env("LD_LIBRARY_PATH", path);
    command
}

/// Makes the cluster and the user, and starts all but the gateway.
pub fn prepare(site: &Site, daemons: &mut Daemons) -> Result<()> {
    let cluster_id = Uuid::now_v7().to_string();
    let monitor = format!("v2:127.0.0.1:{}", site.ports[1]);
    fs::write(
        site.directory.join("ceph.conf"),
        configuration(site, &cluster_id, &monitor),
    )?;
    for directory in ["mon", "osd", "rgw"] {
        fs::create_dir(site.directory.join(directory))?;
    }

    let monitors = [
        "--create",
        "--fsid",
        &cluster_id,
        "--addv",
        "a",
        &format!("[{monitor}]"),
        "monmap",
    ];
    let key = [
        "--create-keyring",
        "keyring",
        "--gen-key",
        "-n",
        "mon.",
        "--cap",
        "mon",
        "allow *",
    ];
    let maps = [
        "--mkfs",
        "-i",
        "a",
        "--monmap",
        "monmap",
        "--osdmap",
        "osdmap",
        "--keyring",
        "keyring",
    ];
    let osd = [
        "--mkfs",
        "-i",
        "0",
        "--no-mon-config",
        "--osd-uuid",
        &Uuid::now_v7().to_string(),
    ];
    daemons.run("authtool", here(site, "ceph-authtool", &key))?;
    daemons.run("monmaptool", here(site, "monmaptool", &monitors))?;
    // With the OSD in the first map, the monitor need not be queried, nor its Python client be installed.
    daemons.run(
        "osdmaptool",
        here(site, "osdmaptool", &["--createsimple", "1", "osdmap"]),
    )?;
    daemons.run("mon-mkfs", configured(site, "ceph-mon", &maps))?;
    daemons.run("osd-mkfs", configured(site, "ceph-osd", &osd))?;

    daemons.spawn("mon", configured(site, "ceph-mon", &["-f", "-i", "a"]))?;
    daemons.spawn("osd", configured(site, "ceph-osd", &["-f", "-i", "0"]))?;
    daemons.run(
        "user-create",
        user(site, USER, &site.access_key, &site.secret_key),
    )
}

/// Makes a user, who owns no bucket and may use none until a policy allows it.
pub fn user(site: &Site, name: &str, access_key: &str, secret_key: &str) -> Command {
    let user = [
        "user",
        "create",
        "--uid",
        name,
        "--display-name",
        name,
        "--max-buckets",
        "0",
    ];
    let keys = ["--access-key", access_key, "--secret-key", secret_key];
    administrator(site, &[&user[..], &keys].concat())
}

/// The process that serves S3; the objects are in another one.
pub fn gateway(site: &Site) -> Command {
    configured(site, "radosgw", &["-f", "-n", "client.rgw.a"])
}

/// Removes the data of deleted objects and aborted uploads now rather than hours later.
pub fn garbage_collection(site: &Site) -> Command {
    administrator(site, &["gc", "process", "--include-all"])
}

fn administrator(site: &Site, arguments: &[&str]) -> Command {
    configured(
        site,
        "radosgw-admin",
        &[&["-n", "client.rgw.a"], arguments].concat(),
    )
}

fn configured(site: &Site, name: &str, arguments: &[&str]) -> Command {
    here(site, name, &[&["-c", "ceph.conf"], arguments].concat())
}

fn here(site: &Site, name: &str, arguments: &[&str]) -> Command {
    let mut command = program(&site.installation, name);
    command.current_dir(&site.directory).args(arguments);
    command
}

fn configuration(site: &Site, cluster_id: &str, monitor: &str) -> String {
    let root = site.installation.join("root");
    format!(
        include_str!("ceph.conf"),
        cluster_id = cluster_id,
        monitor = monitor,
        directory = site.directory.display(),
        plugins = root.join("usr/lib/ceph").display(),
        libraries = site.installation.join(LIBRARIES).display(),
        port = site.s3_port(),
        domain = DOMAIN,
    )
}
