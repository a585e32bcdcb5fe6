//! Random and damaged bytes: bad content or not, but never a panic, never an error of the store.

use restow_inspect::Limits;

use crate::parquet_files;
use crate::sources::{Object, Random, run};

#[track_caller]
fn survives(bytes: Vec<u8>, extension: &str) {
    let limits = Limits {
        max_record_bytes: 5000,
        max_header_bytes: 5000,
        max_columns: 50,
        ..Limits::default()
    };
    match run(Object::new(bytes), extension, &limits) {
        Ok(_) => {}
        Err(error) => panic!("{extension}: {error}"),
    }
}

#[test]
fn random_bytes() {
    let mut random = Random::new(7);
    for _ in 0..300 {
        for extension in [
            "csv", "tsv", "txt", "ndjson", "json", "csv.gz", "csv.zst", "parquet",
        ] {
            let length = random.below(4000);
            let bytes = random.bytes(length);
            survives(bytes.clone(), extension);
            survives(parquet_files::with_footer(&bytes), extension);
        }
    }
}

#[test]
fn random_text() {
    const PIECES: [&str; 30] = [
        "\"",
        "\"\"",
        ",",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "{",
        "}",
        "[",
        "]",
        ":",
        "\\",
        "\\u00e9",
        "\\ud800",
        "é",
        "1",
        "-",
        ".",
        "e9",
        "true",
        "null",
        "2024-01-01",
        "{\"a\":",
        "'",
        ";",
        "|",
        "#",
        " ",
        "\\\"",
    ];
    let mut random = Random::new(8);
    for _ in 0..700 {
        let text: String = (0..random.below(200))
            .map(|_| PIECES[random.below(PIECES.len())])
            .collect();
        for extension in ["csv", "tsv", "txt", "ndjson", "json", "csv.gz", "csv.zst"] {
            survives(text.clone().into_bytes(), extension);
        }
    }
}

#[test]
fn damaged_parquet() {
    let sound = parquet_files::small();
    let mut random = Random::new(9);
    for _ in 0..3000 {
        let mut bytes = sound.clone();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            bytes[at] = random.byte();
        }
        survives(bytes, "parquet");
    }
}
