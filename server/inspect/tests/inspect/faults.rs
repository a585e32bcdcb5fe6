use restow_inspect::{InspectError, Limits};

use crate::parquet_files;
use crate::sources::{Fault, Object, read, run};

#[test]
fn failing_source_is_not_invalid_content() {
    let rows = "1,\"x\ny\",2024-01-01\n".repeat(40_000);
    let lines = "{\"a\":1,\"b\":[true]}\n".repeat(40_000);
    let objects = [
        ("csv", format!("a,b,c\n{rows}").into_bytes()),
        ("ndjson", lines.into_bytes()),
        ("gz", b"\x1F\x8B\x08\0".to_vec()),
        ("csv.zst", zstd::encode_all(rows.as_bytes(), 1).unwrap()),
    ];
    for (extension, bytes) in objects {
        let size = bytes.len();
        for offset in (0..size)
            .step_by((size / 50).max(1))
            .chain([0, 1, 2, 3, size - 1])
        {
            for fault in [Fault::Error, Fault::End] {
                let object = Object::failing(bytes.clone(), offset as u64, fault);
                let result = run(object, extension, &Limits::default());
                assert!(
                    matches!(result, Err(InspectError::Read(_))),
                    "{extension} {fault:?} at {offset}: {result:?}"
                );
            }
        }
    }
}

#[test]
fn failing_parquet_source_is_not_invalid_content() {
    let bytes = parquet_files::wide(3, 200_000);
    let expected = read(bytes.clone(), "parquet");
    let size = bytes.len();
    let mut failed = 0;
    for offset in
        (0..size)
            .step_by(size / 300)
            .chain([0, 3, 4, size - 1, size - 5, size - 9, size - 100])
    {
        for fault in [Fault::Error, Fault::End] {
            let object = Object::failing(bytes.clone(), offset as u64, fault);
            match run(object, "parquet", &Limits::default()) {
                Err(InspectError::Read(_)) => failed += 1,
                Ok(found) => assert_eq!(found, expected, "{fault:?} at {offset}"),
                other => panic!("{fault:?} at {offset}: {other:?}"),
            }
        }
    }
    assert!(failed > 10);
}
