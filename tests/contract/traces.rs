//! Traces: a request with all that it causes, in the collector of the operator, and no secret in it.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use reqwest::Method;
use restow_tests::{OtlpCollector, Span};

use crate::fixture::{System, csv};

/// The trace and the span of a client.
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

/// Longest time that requests and a shutdown take beside a collector that does not respond: the last spans are waited for
/// during half of what is left of the shutdown's 6 s.
const SILENT_COLLECTOR_TIME: Duration = Duration::from_secs(10);

fn find<'a>(spans: &'a [Span], name: &str) -> Result<&'a Span> {
    let found = spans.iter().find(|span| span.name == name);
    found.with_context(|| {
        let names: Vec<_> = spans.iter().map(|span| &span.name).collect();
        format!("no span {name} among {names:?}")
    })
}

/// Whether one span is part of the other, through any number of others.
fn is_within(spans: &[Span], inner: &Span, outer: &Span) -> bool {
    let mut next = Some(inner);
    while let Some(span) = next {
        if span.id == outer.id {
            return true;
        }
        next = spans.iter().find(|other| other.id == span.parent_id);
    }
    false
}

#[tokio::test]
async fn request_is_traced_through_all_it_causes() -> Result<()> {
    let collector = OtlpCollector::start()?;
    let url = collector.url();
    // An object that a worker inspects.
    let options = [
        ("--otlp-endpoint", url.as_str()),
        ("--inspect-inline", "0"),
        ("--shutdown-timeout", "20s"),
    ];
    let system = System::start_with(&options)?;
    let dataset_id = system.dataset("private name").await?;
    system
        .publish(dataset_id, "confidential.csv", csv(3))
        .await?;
    let response = system
        .request(Method::GET, &format!("/datasets/{dataset_id}"))
        .header("traceparent", format!("00-{TRACE}-{PARENT}-01"))
        .send()
        .await?;
    assert_eq!(response.status(), 200);
    let secrets = [
        system.server.token().to_string(),
        system.place.secret_key.clone(),
        "X-Amz".to_string(),
        "confidential".to_string(),
        "private name".to_string(),
        dataset_id.to_string(),
    ];
    let (status, stopped) = system.stop().await?;
    assert_eq!(status.code(), Some(0));

    // The shutdown has sent all of them.
    let spans = collector.spans();
    let read = find(&spans, "GET /api/datasets/{dataset_id}")?;
    assert_eq!(
        (read.trace_id.as_str(), read.parent_id.as_str()),
        (TRACE, PARENT)
    );
    let complete = find(
        &spans,
        "POST /api/datasets/{dataset_id}/reupload/presigned/{job_id}/complete",
    )?;
    for name in ["claim_completion", "S3 CompleteMultipartUpload"] {
        let caused = find(&spans, name)?;
        assert!(is_within(&spans, caused, complete), "{name}: {caused:?}");
    }
    let inspection = find(&spans, "inspection")?;
    assert_eq!(
        inspection.linked_traces,
        std::slice::from_ref(&complete.trace_id)
    );
    for name in ["finish_inspection", "S3 GetObject"] {
        let caused = spans.iter().filter(|span| span.name == name);
        let mut within = caused.filter(|caused| is_within(&spans, caused, inspection));
        assert!(
            within.next().is_some(),
            "{name} is not part of the inspection"
        );
    }
    for secret in secrets {
        let found = spans.iter().find(|span| span.text.contains(&secret));
        assert!(found.is_none(), "{secret:?} is in {found:?}");
    }
    let log = std::fs::read_to_string(stopped.data_dir().join("server.log"))?;
    assert!(log.contains(&format!("trace_id=\"{TRACE}\"")), "{log}");
    Ok(())
}

#[tokio::test]
async fn silent_collector_delays_nothing() -> Result<()> {
    // It accepts connections, and never responds.
    let silent = TcpListener::bind(("127.0.0.1", 0))?;
    let url = format!("http://{}", silent.local_addr()?);
    let system = System::start_with(&[("--otlp-endpoint", &url), ("--shutdown-timeout", "6s")])?;
    let begun = Instant::now();
    for number in 0..100 {
        system.dataset(&format!("dataset {number}")).await?;
    }
    let (status, _) = system.stop().await?;
    assert_eq!(status.code(), Some(0));
    let took = begun.elapsed();
    assert!(took < SILENT_COLLECTOR_TIME, "{took:?}");
    Ok(())
}

#[tokio::test]
async fn absent_collector_is_logged() -> Result<()> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let url = format!("http://127.0.0.1:{port}");
    let system = System::start_with(&[("--otlp-endpoint", &url)])?;
    system.dataset("traced in vain").await?;
    let (status, stopped) = system.stop().await?;
    assert_eq!(status.code(), Some(0));
    let log = std::fs::read_to_string(stopped.data_dir().join("server.log"))?;
    assert!(
        log.contains("failed to send spans to the collector"),
        "{log}"
    );
    Ok(())
}
