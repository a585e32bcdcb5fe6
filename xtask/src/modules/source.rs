//! The modules of a crate: which file defines each, what it declares, and which paths its code uses.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use quote::ToTokens;
use syn::{Attribute, Item, UseTree, Visibility};

use super::paths::{self, Use, is_test};

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

/// One name of a `use` declaration; `*` is a glob.
#[derive(Debug)]
pub struct Import {
    pub name: String,
    pub path: Use,
    /// Whether other modules see the name, by `pub` of any extent.
    pub is_reexport: bool,
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

/// Lists the names of a `use` declaration.
pub fn flatten(tree: &UseTree, before: &[String], is_reexport: bool, imports: &mut Vec<Import>) {
    let (ident, name) = match tree {
        UseTree::Path(path) => {
            let before = [before, &[path.ident.to_string()]].concat();
            return flatten(&path.tree, &before, is_reexport, imports);
        }
        UseTree::Group(group) => {
            let trees = group.items.iter();
            return trees.for_each(|tree| flatten(tree, before, is_reexport, imports));
        }
        UseTree::Name(name) => (Some(&name.ident), name.ident.to_string()),
        UseTree::Rename(rename) => (Some(&rename.ident), rename.rename.to_string()),
        UseTree::Glob(_) => (None, "*".to_string()),
    };
    let mut segments = before.to_vec();
    segments.extend(ident.map(ToString::to_string));
    let name = if name == "self" {
        before.last().cloned().unwrap_or_default()
    } else {
        name
    };
    if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
        segments.pop();
    }
    let line = match tree {
        UseTree::Glob(glob) => glob.star_token.spans[0].start().line,
        _ => ident.map_or(0, |ident| ident.span().start().line),
    };
    imports.push(Import {
        name,
        path: Use { segments, line },
        is_reexport,
    });
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
