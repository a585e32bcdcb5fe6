//! The modules of a crate: which file defines each, what it declares, and which paths its code uses.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use quote::ToTokens;
use syn::{Attribute, Item, Visibility};

use super::import::{Import, Use, flatten};
use super::paths::{self, is_test};

/// A module is named by its path from the crate's root.
pub type Name = Vec<String>;

/// The modules of one crate.
#[derive(Debug, Default)]
pub struct Crate {
    pub modules: BTreeMap<Name, Module>,
    /// Macros that `#[macro_export]` puts at the root, with the modules that define them.
    pub macros: BTreeMap<String, Name>,
}

/// One module, inline or in a file of its own.
#[derive(Debug, Default)]
pub struct Module {
    pub file: PathBuf,
    /// Names of the items that are defined in it.
    pub items: BTreeSet<String>,
    pub imports: Vec<Import>,
    /// Paths in its code, imports excluded.
    pub uses: Vec<Use>,
}

/// Reads the crate whose root is this file.
///
/// # Errors
/// If a file of it cannot be read or parsed.
pub fn read(root: &Path) -> Result<Crate> {
    let mut krate = Crate::default();
    let children = root.parent().unwrap_or(root).to_path_buf();
    read_file(&mut krate, root, Name::new(), &children)?;
    Ok(krate)
}

fn read_file(krate: &mut Crate, file: &Path, name: Name, children: &Path) -> Result<()> {
    let text =
        fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    let parsed =
        syn::parse_file(&text).with_context(|| format!("failed to parse {}", file.display()))?;
    add(krate, file, name, parsed.items, children)
}

/// Adds a module with these items; the files of its child modules are in the directory `children`.
fn add(
    krate: &mut Crate,
    file: &Path,
    name: Name,
    items: Vec<Item>,
    children: &Path,
) -> Result<()> {
    let mut module = Module {
        file: file.to_path_buf(),
        ..Module::default()
    };
    for item in items {
        if attributes(&item).iter().any(is_test) {
            continue;
        }
        match item {
            Item::Mod(declared) => {
                let child = declared.ident.to_string();
                let path = [name.as_slice(), std::slice::from_ref(&child)].concat();
                let below = children.join(&child);
                if let Some((_, items)) = declared.content {
                    add(krate, file, path, items, &below)?;
                } else {
                    let own = children.join(format!("{child}.rs"));
                    let own = if own.is_file() {
                        own
                    } else {
                        below.join("mod.rs")
                    };
                    read_file(krate, &own, path, &below)?;
                }
            }
            Item::Use(declared) => {
                let is_reexport = !matches!(declared.vis, Visibility::Inherited);
                flatten(&declared.tree, &[], is_reexport, &mut module.imports);
            }
            item => {
                if let Some(defined) = paths::defined(&item) {
                    let exported = attributes(&item)
                        .iter()
                        .any(|attribute| attribute.path().is_ident("macro_export"));
                    if exported {
                        krate.macros.insert(defined.clone(), name.clone());
                    }
                    module.items.insert(defined);
                }
                paths::collect(item.to_token_stream(), &mut module.uses);
            }
        }
    }
    krate.modules.insert(name, module);
    Ok(())
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
