//! `cargo xtask modules`: no file of a crate uses, directly or through others, a file that uses it.
//!
//! A path such as `crate::a::b::Item` is a use of the file that defines the module at its longest module prefix;
//! what a module imports or re-exports is followed to the file that defines it. A parent's `mod child;`, and its
//! re-exports of items below it, are no use of the child. Code under `#[cfg(test)]` is left out.

mod circle;
mod graph;
mod import;
mod paths;
mod source;
#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::{Result, bail};

use crate::workspace::{packages, root};
use graph::Graph;

/// Checks the targets of all packages, and prints the circles that are found; with `edges` also every use in them.
///
/// # Errors
/// If there is a circle, or a source cannot be read or parsed.
pub fn check(edges: bool) -> Result<()> {
    let (mut files, mut circles) = (0, 0);
    for package in packages() {
        for target in package["targets"].as_array().into_iter().flatten() {
            let Some(path) = target["src_path"].as_str() else {
                continue;
            };
            if target["kind"][0] == "custom-build" {
                continue;
            }
            let krate = source::read(Path::new(path))?;
            let graph = Graph::of(&krate);
            files += graph.files();
            for component in graph.components() {
                circles += 1;
                let (package, name) = (&package["name"], &target["name"]);
                println!("package {package}, target {name}:");
                print!("{}", graph.report(&component, &root(), edges));
            }
        }
    }
    if circles > 0 {
        bail!("{circles} groups of files use each other in a circle");
    }
    println!("no circle of imports among {files} files");
    Ok(())
}
