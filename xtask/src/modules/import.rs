//! The names that `use` declarations bring into a module.

use syn::UseTree;

/// A path that code uses, and its line in the file, from 1.
#[derive(Clone, Debug)]
pub struct Use {
    pub segments: Vec<String>,
    pub line: usize,
}

/// One name of a `use` declaration; `*` is a glob.
#[derive(Debug)]
pub struct Import {
    pub name: String,
    pub path: Use,
    /// Whether other modules see the name, by `pub` of any extent.
    pub is_reexport: bool,
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
