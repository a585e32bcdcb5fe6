use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::graph::Graph;
use super::source;

/// A crate of these files in a directory that is removed afterwards.
struct Sources(PathBuf);

impl Sources {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let directory = std::env::temp_dir().join(format!("modules-{name}-{}", std::process::id()));
        for (file, text) in files {
            let file = directory.join(file);
            fs::create_dir_all(file.parent().expect("below the directory")).expect("is writable");
            fs::write(file, text).expect("is writable");
        }
        Self(directory)
    }

    fn graph(&self) -> Graph {
        Graph::of(&source::read(&self.0.join("lib.rs")).expect("parses"))
    }

    /// The groups of files that use each other, by their names.
    fn circles(&self) -> Vec<Vec<String>> {
        let name = |path: &PathBuf| {
            path.strip_prefix(&self.0)
                .expect("is below")
                .display()
                .to_string()
        };
        let components = self.graph().components();
        components
            .iter()
            .map(|component| component.iter().map(name).collect())
            .collect()
    }
}

impl Drop for Sources {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn two_files_in_a_circle_are_reported() {
    let sources = Sources::new(
        "two",
        &[
            ("lib.rs", "mod a;\nmod b;\n"),
            ("a.rs", "use crate::b::B;\npub struct A(B);\n"),
            ("b.rs", "pub struct B;\n\nfn f() { crate::a::g(); }\n"),
        ],
    );
    assert_eq!(sources.circles(), [["a.rs", "b.rs"]]);
    let files: BTreeSet<_> = sources.graph().components().remove(0);
    let report = sources.graph().report(&files, &sources.0, false);
    assert!(report.contains("a.rs:1: crate::b::B (in b.rs)"), "{report}");
    assert!(report.contains("b.rs:3: crate::a::g (in a.rs)"), "{report}");
}

#[test]
fn declarations_and_reexports_of_a_parent_are_no_use() {
    let sources = Sources::new(
        "parent",
        &[
            ("lib.rs", "mod a;\npub use a::A;\n"),
            (
                "a.rs",
                "mod b;\npub(crate) use self::b::B;\npub struct A;\n",
            ),
            ("a/b.rs", "use super::A;\npub struct B(A);\n"),
        ],
    );
    assert!(sources.circles().is_empty());
}

#[test]
fn a_parent_that_calls_its_child_uses_it() {
    let sources = Sources::new(
        "child",
        &[
            ("lib.rs", "mod a;\n"),
            ("a.rs", "mod b;\npub struct A;\nfn f() { b::g() }\n"),
            ("a/b.rs", "pub fn g(_: super::A) {}\n"),
        ],
    );
    assert_eq!(sources.circles(), [["a/b.rs", "a.rs"]]);
}

#[test]
fn reexports_and_globs_are_followed() {
    let sources = Sources::new(
        "follow",
        &[
            ("lib.rs", "mod a;\nmod c;\npub use a::*;\n"),
            ("a.rs", "mod b;\npub use b::B;\n"),
            ("a/b.rs", "use crate::c::C;\npub struct B(C);\n"),
            ("c.rs", "pub struct C;\nfn f(_: crate::B) {}\n"),
        ],
    );
    assert_eq!(sources.circles(), [["a/b.rs", "c.rs"]]);
}

#[test]
fn tests_and_inline_modules_are_no_circle() {
    let sources = Sources::new(
        "tests",
        &[
            ("lib.rs", "mod a;\nmod b;\n"),
            ("a.rs", "use crate::b::B;\nmod c { use super::B; }\n"),
            (
                "b.rs",
                "pub struct B;\nimpl B {\n#[cfg(test)]\nfn f() { crate::a::g() }\n}\n#[cfg(test)]\nmod tests { use crate::a; }\n",
            ),
        ],
    );
    assert!(sources.circles().is_empty());
}

#[test]
fn paths_inside_macros_are_uses() {
    let sources = Sources::new(
        "macros",
        &[
            ("lib.rs", "mod a;\nmod b;\n"),
            ("a.rs", "use crate::b::B;\npub struct A;\n"),
            (
                "b.rs",
                "pub struct B;\nfn f() { println!(\"{}\", crate::a::A); }\n",
            ),
        ],
    );
    assert_eq!(sources.circles(), [["a.rs", "b.rs"]]);
}
