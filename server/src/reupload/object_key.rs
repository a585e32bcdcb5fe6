//! The key of a job's object, and the extension that it takes from the filename. Pure.

use uuid::Uuid;

/// Longest extension that a key takes over, in bytes.
const MAX_EXTENSION: usize = 16;

/// The key of a job's object. Of the filename it holds the extension, if that is harmless, and nothing else.
pub fn object_key(prefix: &str, dataset_id: Uuid, job_id: Uuid, filename: &str) -> String {
    match extension(filename) {
        Some(extension) => format!("{prefix}datasets/{dataset_id}/{job_id}.{extension}"),
        None => format!("{prefix}datasets/{dataset_id}/{job_id}"),
    }
}

/// The extension of a filename in lower case, without its dot: up to 16 ASCII letters and digits behind the last
/// dot of a longer name.
pub fn extension(filename: &str) -> Option<String> {
    let (stem, extension) = filename.rsplit_once('.')?;
    let harmless = (1..=MAX_EXTENSION).contains(&extension.len())
        && extension.bytes().all(|b| b.is_ascii_alphanumeric());
    (harmless && !stem.is_empty()).then(|| extension.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_contains_only_a_safe_extension() {
        let (dataset, job) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let key = |filename: &str| object_key("p/", dataset, job, filename);
        let stem = format!("p/datasets/{dataset}/{job}");
        assert_eq!(key("Data.CSV"), format!("{stem}.csv"));
        assert_eq!(key("a.tar.gz"), format!("{stem}.gz"));
        for odd in [
            "csv",
            ".csv",
            "a.",
            "a.c/../../x",
            "a.c\0",
            "a.csv ",
            "a.ćsv",
            "a.abcdefghijklmnopq",
        ] {
            assert_eq!(key(odd), stem, "{odd:?}");
        }
    }
}
