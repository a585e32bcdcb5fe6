//! Bills of materials of the programs that are released: every crate that is in them or builds them, in the format of `CycloneDX`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::install;
use crate::process::{output, succeed};
use crate::workspace::{cargo, packages, root, target};

/// The packages of the programs.
const PROGRAMS: [&str; 2] = ["restow-server", "restow"];

/// Name of the files that the tool leaves beside the manifest of every member of the workspace.
const FILE: &str = "restow-sbom";

/// The platform whose dependencies are listed, unless another one is named.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// Writes the bill of materials of each program into a directory.
///
/// # Errors
/// If the tool cannot be had or fails.
pub fn write(directory: &Path, platform: Option<&str>) -> Result<()> {
    let platform = platform.unwrap_or(PLATFORM);
    let mut tool = Command::new(install::cargo_cyclonedx()?);
    let made_at = output(
        Command::new("git")
            .args(["log", "-1", "--format=%ct"])
            .current_dir(root()),
    )?;
    tool.current_dir(root())
        // The same commit gives the same file.
        .env("SOURCE_DATE_EPOCH", made_at.trim())
        .args([
            "cyclonedx",
            "--format",
            "json",
            "--spec-version",
            "1.5",
            "--all",
        ])
        .args(["--target", platform, "--override-filename", FILE, "-q"]);
    let written = succeed(&mut tool);
    fs::create_dir_all(directory)?;
    for package in packages() {
        let (name, manifest) = (&package["name"], &package["manifest_path"]);
        let manifest = Path::new(manifest.as_str().context("a package has no manifest")?);
        let file = manifest.with_file_name(format!("{FILE}.json"));
        if !file.exists() {
            continue;
        }
        if let Some(name) = name.as_str().filter(|name| PROGRAMS.contains(name)) {
            fs::copy(&file, directory.join(format!("{name}.cdx.json")))?;
        }
        fs::remove_file(file)?;
    }
    written
}

/// Writes the bills of materials and compares them with what cargo builds the programs of.
///
/// # Errors
/// If a crate is not in them, or without version, origin or licence.
pub fn check() -> Result<()> {
    let directory = target().join("sbom");
    write(&directory, None)?;
    for program in PROGRAMS {
        let file = directory.join(format!("{program}.cdx.json"));
        let bill: Value = serde_json::from_slice(&fs::read(&file)?)?;
        let listed = listed(&bill).with_context(|| file.display().to_string())?;
        let used = used(program)?;
        let missing: Vec<&String> = used.difference(&listed).collect();
        ensure!(
            missing.is_empty(),
            "{}: not listed: {missing:?}",
            file.display()
        );
        println!("{}: {} crates", file.display(), listed.len());
    }
    Ok(())
}

/// The components of a bill of materials, as `name version`.
fn listed(bill: &Value) -> Result<BTreeSet<String>> {
    ensure!(bill["bomFormat"] == "CycloneDX", "it has another format");
    let components = bill["components"]
        .as_array()
        .context("it has no components")?;
    let mut listed = BTreeSet::new();
    for component in components.iter().chain([&bill["metadata"]["component"]]) {
        let text = |member: &str| component[member].as_str();
        let (Some(name), Some(version), Some(_)) = (text("name"), text("version"), text("purl"))
        else {
            bail!("it has a component without name, version or origin: {component}");
        };
        let licences = component["licenses"].as_array();
        let has_licence = licences.is_some_and(|licences| !licences.is_empty());
        ensure!(has_licence, "it has no licence of {name} {version}");
        listed.insert(format!("{name} {version}"));
    }
    Ok(listed)
}

/// The crates that cargo builds a program of, as `name version`.
fn used(program: &str) -> Result<BTreeSet<String>> {
    let mut tree = cargo();
    tree.args([
        "tree",
        "--locked",
        "--package",
        program,
        "--target",
        PLATFORM,
    ]);
    tree.args([
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let tree = output(&mut tree)?;
    let crates = tree.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let (name, version) = (words.next()?, words.next()?);
        Some(format!("{name} {}", version.trim_start_matches('v')))
    });
    let crates: BTreeSet<String> = crates.collect();
    ensure!(
        crates.len() > 50,
        "cargo tree lists only {} crates",
        crates.len()
    );
    Ok(crates)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn components_need_version_origin_and_licence() {
        let whole = json!({
            "name": "a", "version": "1.0.0", "purl": "pkg:cargo/a@1.0.0", "licenses": [{"expression": "MIT"}],
        });
        let bill = |component: &Value| json!({ "bomFormat": "CycloneDX", "metadata": { "component": whole }, "components": [component] });
        assert_eq!(listed(&bill(&whole)).unwrap().len(), 1);
        for member in ["name", "version", "purl", "licenses"] {
            let mut part = whole.clone();
            part[member] = json!(null);
            assert!(listed(&bill(&part)).is_err(), "{member}");
        }
    }
}
