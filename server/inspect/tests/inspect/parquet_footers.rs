//! Footers that disagree with their pages, and encrypted ones.

use parquet::data_type::Int64Type;
use parquet::file::properties::WriterProperties;
use restow_api::{FindingType, Severity};
use restow_inspect::Inspection;
use serde_json::json;

use crate::parquet_files::{file, single, small};
use crate::sources::{look, summary, types};

fn kept(name: &str) -> Inspection {
    let path = format!("{}/tests/data/parquet/{name}", env!("CARGO_MANIFEST_DIR"));
    look(std::fs::read(path).unwrap(), "parquet")
}

#[test]
fn rows_are_those_of_row_groups() {
    let mut bytes = small();
    // num_rows (3) is 3, and row_groups (4) a list of one structure.
    let declared = [0x16, 3 << 1, 0x19, 0x1C];
    let at = bytes
        .windows(4)
        .position(|window| window == declared)
        .unwrap();
    bytes[at + 1] = 60 << 1;
    let found = look(bytes, "parquet");
    assert_eq!((found.row_count, found.sample.len()), (Some(3), 3));
    assert_eq!(types(&found), [FindingType::Damaged]);
    assert_eq!(found.findings[0].severity, Severity::Warning);
    assert!(
        found.findings[0].msg.contains("60 rows"),
        "{:?}",
        found.findings
    );
}

#[test]
fn negative_rows_of_a_row_group_are_damage() {
    let mut bytes = file(WriterProperties::builder(), 2);
    // num_rows (3) of the second row group is 3, and file_offset (5) a number.
    let declared = [0x16, 3 << 1, 0x26];
    let at = bytes
        .windows(3)
        .rposition(|window| window == declared)
        .unwrap();
    // -2: together with those of the first one, there would be fewer rows than nulls.
    bytes[at + 1] = 3;
    let found = look(bytes, "parquet");
    assert_eq!(found.row_count, None);
    let rejection = found.rejection().unwrap();
    assert!(rejection.msg.contains("is impossible"), "{rejection:?}");
}

#[test]
fn rows_that_are_stated_twice_are_damage() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/corpus/parquet-testing/int32_with_null_pages.parquet"
    );
    let mut bytes = std::fs::read(path).unwrap();
    // A structure of the row group's only column is a boolean: its fields are then those of the row group, and one of them is
    // taken for the number of rows.
    let at = bytes.len() - 196;
    assert_eq!(bytes[at], 0x3C);
    bytes[at] = 0x31;
    let found = look(bytes, "parquet");
    let rejection = found.rejection().unwrap();
    assert!(rejection.msg.contains("in two ways"), "{rejection:?}");
    assert_eq!(found.columns[0].nulls, None);
}

#[test]
fn missing_rows_are_damage() {
    let mut bytes = single::<Int64Type>("REQUIRED INT64 a;", &[1, 2, 3], None);
    // Wherever the footer says 3, it says 5: of the file, the row group and the column chunk.
    let footer = bytes.len() - 8;
    let start = bytes
        .windows(4)
        .rposition(|window| window == b"rows")
        .unwrap();
    let mut changed = 0;
    for at in start..footer {
        if bytes[at..at + 2] == [0x16, 3 << 1] {
            bytes[at + 1] = 5 << 1;
            changed += 1;
        }
    }
    assert_eq!(changed, 3);
    let found = look(bytes, "parquet");
    let rejection = found.rejection().unwrap();
    assert_eq!(rejection.finding_type, FindingType::Damaged);
    assert!(
        rejection.msg.contains("3 rows, the footer declares 5"),
        "{rejection:?}"
    );
    // What was read is shown, and counted as nothing.
    assert_eq!(json!(found.sample), json!([[1], [2], [3]]));
    assert_eq!(found.columns[0].distinct, None);
}

#[test]
fn encrypted_columns_are_named() {
    let found = kept("encrypted-column.parquet");
    assert_eq!((found.rejection(), found.row_count), (None, Some(3)));
    let names: Vec<_> = summary(&found.columns)
        .iter()
        .map(|column| column.0)
        .collect();
    assert_eq!(names, ["a", "b"]);
    assert!(types(&found).contains(&FindingType::UnsupportedCodec));
    assert_eq!(found.columns[1].max, None);
}

#[test]
fn encrypted_footer_is_named() {
    let found = kept("encrypted-footer.parquet");
    assert_eq!((found.rejection(), found.row_count), (None, None));
    assert_eq!(types(&found), [FindingType::UnsupportedCodec]);
}
