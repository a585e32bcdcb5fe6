//! Uploads of sources other than files.

use std::io::Read;

use restow_sdk::{Error, Source};

use crate::fake::DATASET;
use crate::reupload::{CONTENT, six_parts};

#[tokio::test]
async fn bytes_and_custom_sources_are_uploaded() {
    let fake = six_parts().await;
    fake.client()
        .reupload(DATASET)
        .bytes("data.csv", CONTENT)
        .send()
        .await
        .unwrap();
    assert_eq!(fake.object(), CONTENT);
    assert_eq!(fake.state().request["content_type"], "text/csv");
    let error = fake
        .client()
        .reupload(DATASET)
        .bytes("data.csv", "")
        .send()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::EmptySource(_)), "{error}");
}

/// A disk that fails at an offset.
struct Broken(u64);

impl Source for Broken {
    fn name(&self) -> String {
        "the disk".to_string()
    }

    fn size(&self) -> u64 {
        CONTENT.len() as u64
    }

    fn open(&self, range: std::ops::Range<u64>) -> std::io::Result<Box<dyn Read + Send>> {
        if range.contains(&self.0) {
            Err(std::io::Error::other("it is broken"))
        } else {
            Ok(Box::new(std::io::repeat(1)))
        }
    }
}

#[tokio::test]
async fn unreadable_source_fails_with_its_cause() {
    let fake = six_parts().await;
    let error = fake
        .client()
        .reupload(DATASET)
        .source("data.bin", Broken(70))
        .send()
        .await
        .unwrap_err();
    let Error::Source { name, source } = &error else {
        panic!("{error}")
    };
    assert_eq!(
        (name.as_str(), source.to_string().as_str()),
        ("the disk", "it is broken")
    );
    let state = fake.state();
    assert_eq!((state.cancels, state.completions), (0, 0));
}

/// A source that is read over a connection that breaks.
struct Cut;

impl Source for Cut {
    fn name(&self) -> String {
        "the line".to_string()
    }

    fn size(&self) -> u64 {
        CONTENT.len() as u64
    }

    fn open(&self, _: std::ops::Range<u64>) -> std::io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(std::io::empty()))
    }
}

#[tokio::test]
async fn short_source_is_unreadable_not_changed() {
    let fake = six_parts().await;
    let error = fake
        .client()
        .reupload(DATASET)
        .source("data.bin", Cut)
        .send()
        .await
        .unwrap_err();
    let Error::Source { source, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(source.kind(), std::io::ErrorKind::UnexpectedEof);
    assert_eq!(fake.state().cancels, 0);
}
