//! Who is let in, and what is written about it.

use std::io;
use std::time::{Duration, SystemTime};

use aws_sdk_s3::presigning::PresigningConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::fixture::{BUCKET, Endpoint, SECRET_KEY, an_hour, bytes, client, code, config};
use crate::log;

#[tokio::test]
async fn unsigned_and_forged_requests_are_rejected() {
    let endpoint = Endpoint::start().await;
    endpoint.put("key", b"abc").await;
    let anonymous = format!("http://{}/{BUCKET}/key", endpoint.s3.local_addr());
    let refused = reqwest::get(&anonymous).await.expect("a response");
    assert_eq!(refused.status(), 403);
    assert!(
        refused
            .text()
            .await
            .expect("a body")
            .contains("<Code>AccessDenied</Code>")
    );

    let stranger = client(&endpoint.s3, "another secret");
    let refused = stranger.get_object().bucket(BUCKET).key("key").send().await;
    assert_eq!(refused.map_err(code).unwrap_err(), "SignatureDoesNotMatch");

    let get = endpoint.client.get_object().bucket(BUCKET).key("key");
    let url = get
        .presigned(an_hour())
        .await
        .expect("a URL")
        .uri()
        .to_owned();
    assert_eq!(reqwest::get(&url).await.expect("a response").status(), 200);
    for forged in [
        url.replace("/key?", "/yek?"),
        url.replace("Expires=3600", "Expires=7200"),
        forged_signature(&url),
    ] {
        assert_eq!(
            reqwest::get(&forged).await.expect("a response").status(),
            403
        );
    }
}

#[tokio::test]
async fn a_form_is_refused_unread() {
    let endpoint = Endpoint::start().await;
    let request =
        reqwest::Client::new().post(format!("http://{}/{BUCKET}", endpoint.s3.local_addr()));
    let request = request.header("content-type", "multipart/form-data; boundary=x");
    let refused = request.body("--x\r\n").send().await.expect("a response");
    assert_eq!(refused.status(), 501);
}

#[tokio::test]
async fn upload_url_admits_one_length() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create("key").await;
    let url = endpoint.part_url("key", &id, 1, 5).await;
    let http = reqwest::Client::new();
    for body in ["", "1234", "123456"] {
        let refused = http.put(&url).body(body).send().await.expect("a response");
        assert_eq!(refused.status(), 403, "{body}");
    }
    let chunked = futures::stream::iter([Ok::<_, io::Error>("12345")]);
    let refused = http
        .put(&url)
        .body(reqwest::Body::wrap_stream(chunked))
        .send()
        .await
        .expect("a response");
    assert!(refused.status().is_client_error());
    let refused = http
        .put(url.replace("partNumber=1", "partNumber=2"))
        .body("12345")
        .send()
        .await;
    assert_eq!(refused.expect("a response").status(), 403);
    assert_eq!(endpoint.part_numbers("key", &id).await, Ok(vec![]));

    let uploaded = http
        .put(&url)
        .body("12345")
        .send()
        .await
        .expect("a response");
    assert_eq!(uploaded.status(), 200);
    assert_eq!(
        uploaded.headers()["etag"],
        "\"827ccb0eea8a706c4c34a16891f84e7b\""
    );
}

/// Also for a client that reads nothing before it has sent all.
#[tokio::test]
async fn expired_url_is_rejected_with_message() {
    const LENGTH: usize = 20_000_000;
    let endpoint = Endpoint::start().await;
    let id = endpoint.create("key").await;
    let expired = PresigningConfig::builder()
        .start_time(SystemTime::now() - Duration::from_hours(2))
        .expires_in(Duration::from_hours(1));
    let request = endpoint
        .client
        .upload_part()
        .bucket(BUCKET)
        .key("key")
        .upload_id(&id)
        .part_number(1);
    let request = request.content_length(i64::try_from(LENGTH).expect("a length"));
    let url = request
        .presigned(expired.build().expect("a time"))
        .await
        .expect("a URL");
    let address = endpoint.s3.local_addr();
    let target = url
        .uri()
        .strip_prefix(&format!("http://{address}"))
        .expect("our address");
    let head =
        format!("PUT {target} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {LENGTH}\r\n\r\n");
    let body = bytes(LENGTH, 0);
    for _ in 0..5 {
        let mut connection = TcpStream::connect(address).await.expect("a connection");
        connection
            .write_all(head.as_bytes())
            .await
            .expect("the head is sent");
        connection.write_all(&body).await.expect("the body is sent");
        connection.shutdown().await.expect("the end is sent");
        let mut response = String::new();
        connection
            .read_to_string(&mut response)
            .await
            .expect("a response");
        assert!(
            response.starts_with("HTTP/1.1 403 Forbidden\r\n"),
            "{response}"
        );
        assert!(response.contains("Request has expired"), "{response}");
    }
    assert_eq!(endpoint.incoming(), 0);
}

/// The same URL with another last digit of its signature.
fn forged_signature(url: &str) -> String {
    let (rest, digit) = url.split_at(url.len() - 1);
    format!("{rest}{}", if digit == "0" { "1" } else { "0" })
}

/// In all that the tests of this process have made the endpoint write by now.
#[tokio::test]
async fn no_signature_reaches_the_log() {
    let endpoint = Endpoint::start().await;
    let get = endpoint.client.get_object().bucket(BUCKET).key("key");
    let url = get
        .presigned(an_hour())
        .await
        .expect("a URL")
        .uri()
        .to_owned();
    assert_eq!(reqwest::get(&url).await.expect("a response").status(), 404);
    let forged = reqwest::get(forged_signature(&url))
        .await
        .expect("a response");
    assert_eq!(forged.status(), 403);
    let log = log::text();
    assert!(log.contains("request completed"), "{log}");
    for secret in ["X-Amz-", "ignature=", SECRET_KEY] {
        assert!(!log.contains(secret), "{log}");
    }
    let credentials = config(&endpoint.directory).await.credentials;
    assert!(!format!("{credentials:?}").contains(SECRET_KEY));
}
