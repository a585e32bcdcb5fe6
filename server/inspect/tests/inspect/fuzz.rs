//! Damaged variants of kept files: no reader panics, and what an inspection says is consistent.
//!
//! Each target takes the files of one kind from `data/cases` and `data/corpus`, and changes, cuts and joins them.
//! `BOLERO_RANDOM_ITERATIONS` and `BOLERO_RANDOM_TEST_TIME_MS` have it try more variants than it does by itself, and
//! `cargo bolero test` guides it by coverage.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use bolero::{TypeGenerator, check};
use flate2::write::GzEncoder;
use restow_api::{FindingType, ReadOptions};
use restow_inspect::{Inspection, Limits, MAX_FINDINGS};

use crate::sources::{Object, run_with};

/// Variants of a target, unless the environment says more.
const TRIES: usize = 64;

/// Largest file that is varied, in bytes: a larger one makes each try slow.
const MAX_SEED_BYTES: usize = 64 * 1024;

/// How a kept file is changed.
#[derive(Clone, Debug, TypeGenerator)]
struct Damage {
    /// Which file.
    seed: u16,
    /// Positions, as shares of 65,536, and the bytes that are put there.
    edits: Vec<(u16, u8)>,
    /// A range that is copied to another place.
    copy: Option<(u16, u8, u16)>,
    /// Where the file is cut.
    cut: Option<u16>,
}

impl Damage {
    fn apply(&self, seeds: &[(String, Vec<u8>)]) -> (String, Vec<u8>) {
        let (name, mut bytes) = seeds[usize::from(self.seed) % seeds.len()].clone();
        for (place, byte) in &self.edits {
            let place = at(*place, bytes.len());
            if let Some(old) = bytes.get_mut(place) {
                *old = *byte;
            }
        }
        if let Some((from, length, to)) = self.copy {
            let from = at(from, bytes.len());
            let end = (from + usize::from(length)).min(bytes.len());
            let piece = bytes[from..end].to_vec();
            let to = at(to, bytes.len());
            bytes.splice(to..to, piece);
        }
        if let Some(cut) = self.cut {
            bytes.truncate(at(cut, bytes.len()));
        }
        (name, bytes)
    }
}

fn at(share: u16, length: usize) -> usize {
    usize::from(share) * length / 65_536
}

type Seeds = Vec<(String, Vec<u8>)>;

/// The kept files with one of `extensions`.
fn seeds(extensions: &[&str]) -> Seeds {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut paths = Vec::new();
    collect(&data, &mut paths);
    paths.sort();
    let has_extension = |path: &PathBuf| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| extensions.contains(&extension))
    };
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read(&path).unwrap())
    };
    let all = paths.into_iter().filter(has_extension).map(read);
    all.filter(|(_, bytes)| bytes.len() <= MAX_SEED_BYTES)
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn collect(directory: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else {
            paths.push(path);
        }
    }
}

fn inspect_damaged(seeds: &Seeds, damage: &Damage) {
    let (name, bytes) = damage.apply(seeds);
    let inspected = |object| run_with(object, &name, &ReadOptions::default(), &Limits::default());
    let whole = inspected(Object::new(bytes.clone())).unwrap();
    check_consistency(&whole);
    let trickling = inspected(Object::trickling(bytes)).unwrap();
    check_consistency(&trickling);
    // What a decompressor gives out before it finds the damage depends on the pieces in which the bytes arrive, and so does
    // what the text is taken for.
    let is_unpacked = Path::new(&name)
        .extension()
        .is_some_and(|extension| extension == "gz");
    assert!(
        whole == trickling || (is_unpacked && is_damaged(&whole)),
        "in other pieces, {whole:?} is {trickling:?}"
    );
}

fn is_damaged(found: &Inspection) -> bool {
    let mut types = found.findings.iter().map(|finding| finding.finding_type);
    types.any(|finding_type| finding_type == FindingType::Damaged)
}

fn check_consistency(found: &Inspection) {
    for row in &found.sample {
        assert_eq!(row.len(), found.columns.len());
    }
    if let Some(rows) = found.row_count {
        for column in &found.columns {
            assert!(
                column.nulls.is_none_or(|nulls| nulls <= rows),
                "{rows} rows: {column:?}"
            );
        }
    }
    assert!(found.findings.len() <= MAX_FINDINGS);
    assert!(found.findings.len() as u64 <= found.findings_total);
    assert!(
        found
            .findings
            .is_sorted_by_key(|finding| std::cmp::Reverse(finding.severity))
    );
}

#[test]
fn delimited_text() {
    static SEEDS: LazyLock<Seeds> = LazyLock::new(|| seeds(&["csv", "tsv"]));
    check!()
        .with_iterations(TRIES)
        .with_type::<Damage>()
        .for_each(|damage| inspect_damaged(&SEEDS, damage));
}

#[test]
fn compressed_text() {
    static SEEDS: LazyLock<Seeds> = LazyLock::new(|| {
        let compressed = seeds(&["csv", "ndjson"])
            .into_iter()
            .map(|(name, bytes)| (format!("{name}.gz"), gzip(&bytes)));
        compressed.collect()
    });
    check!()
        .with_iterations(TRIES)
        .with_type::<Damage>()
        .for_each(|damage| inspect_damaged(&SEEDS, damage));
}

#[test]
fn json() {
    static SEEDS: LazyLock<Seeds> = LazyLock::new(|| seeds(&["json", "ndjson"]));
    check!()
        .with_iterations(TRIES)
        .with_type::<Damage>()
        .for_each(|damage| inspect_damaged(&SEEDS, damage));
}

#[test]
fn parquet() {
    static SEEDS: LazyLock<Seeds> = LazyLock::new(|| seeds(&["parquet"]));
    check!()
        .with_iterations(TRIES)
        .with_type::<Damage>()
        .for_each(|damage| inspect_damaged(&SEEDS, damage));
}
