//! `SeaweedFS`: one process with everything in it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use serde_json::json;

use super::installation::Installation;
use super::site::{DOMAIN, Site};

/// The program.
pub fn program(installation: &Installation) -> Command {
    Command::new(installation.join("venv/bin/weed"))
}

/// Writes down who may do what.
pub fn prepare(site: &Site) -> Result<()> {
    let identity = json!({
        "name": "restow",
        "credentials": [{ "accessKey": site.access_key, "secretKey": site.secret_key }],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    });
    fs::write(
        site.directory.join("identities.json"),
        json!({ "identities": [identity] }).to_string(),
    )?;
    // Each bucket has volumes of its own, and tests make many small buckets.
    fs::write(
        site.directory.join("master.toml"),
        "[master.volume_growth]\ncopy_1 = 1\n",
    )?;
    fs::create_dir(site.directory.join("data"))?;
    Ok(())
}

/// The process, which is the gateway and all that is behind it.
pub fn gateway(site: &Site) -> Command {
    let path = |name: &str| site.directory.join(name).display().to_string();
    let [
        s3,
        s3_grpc,
        master,
        master_grpc,
        volume,
        volume_grpc,
        filer,
        filer_grpc,
    ] = site.ports;
    let mut command = program(&site.installation);
    command.arg("server");
    // It is the only candidate.
    command.arg("-master.electionTimeout=1s");
    command.args([
        "-master.telemetry=false",
        "-filer",
        "-s3",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
    ]);
    // Volumes are small so that deleted data is given back soon.
    command.args([
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-volume.max=4000",
        "-master.volumeSizeLimitMB=256",
    ]);
    command.args([
        "-s3.autoCreateBucket=false",
        &format!("-s3.domainName={DOMAIN}"),
    ]);
    command
        .arg(format!("-s3.config={}", path("identities.json")))
        .arg(format!("-dir={}", path("data")));
    let sockets = [
        ("filer.localSocket", "filer.sock"),
        ("s3.localSocket", "s3.sock"),
    ];
    command.args(sockets.map(|(option, name)| format!("-{option}={}", path(name))));
    let ports = [
        ("s3", s3),
        ("master", master),
        ("volume", volume),
        ("filer", filer),
    ];
    command.args(ports.map(|(part, port)| format!("-{part}.port={port}")));
    let grpc_ports = [
        ("s3", s3_grpc),
        ("master", master_grpc),
        ("volume", volume_grpc),
        ("filer", filer_grpc),
    ];
    command.args(grpc_ports.map(|(part, port)| format!("-{part}.port.grpc={port}")));
    // Its logs go to the directory for temporary files, and it would take all memory before it collects garbage.
    command
        .env("TMPDIR", &site.directory)
        .env("GOMEMLIMIT", "512MiB")
        .current_dir(&site.directory);
    command
}

/// Sockets that it makes outside of its directory, and leaves there when it is killed.
pub fn sockets(site: &Site) -> Vec<PathBuf> {
    let [_, s3, _, master, _, volume, _, filer] = site.ports;
    let parts = [
        ("s3", s3),
        ("master", master),
        ("volume", volume),
        ("filer", filer),
    ];
    parts
        .map(|(part, port)| format!("/tmp/seaweedfs-{part}-grpc-{port}.sock").into())
        .into()
}
