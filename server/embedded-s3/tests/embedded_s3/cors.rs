//! CORS requests of browsers before and after they use a signed URL.

use reqwest::Method;

use crate::fixture::{BUCKET, Endpoint};

#[tokio::test]
async fn a_preflight_is_granted() {
    let endpoint = Endpoint::start().await;
    let url = endpoint
        .part_url("key", "0198c5a8b4b07c3e8d1f2a3b4c5d6e7f", 1, 5)
        .await;
    let request = reqwest::Client::new().request(Method::OPTIONS, url);
    let request = request
        .header("origin", "https://app.example")
        .header("access-control-request-method", "PUT")
        .header(
            "access-control-request-headers",
            "content-type, content-md5",
        );
    let granted = request.send().await.expect("a response");
    assert_eq!(granted.status(), 204);
    let headers = granted.headers();
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert_eq!(headers["access-control-allow-methods"], "GET, PUT, HEAD");
    assert_eq!(
        headers["access-control-allow-headers"],
        "content-type, content-md5"
    );
    assert_eq!(headers["access-control-max-age"], "3600");
}

#[tokio::test]
async fn every_answer_can_be_read() {
    let endpoint = Endpoint::start().await;
    let id = endpoint.create("key").await;
    let url = endpoint.part_url("key", &id, 1, 5).await;
    let http = reqwest::Client::new();
    let served = http
        .put(&url)
        .body("12345")
        .send()
        .await
        .expect("a response");
    let refused = http
        .put(&url)
        .body("1234")
        .send()
        .await
        .expect("a response");
    let anonymous = http
        .get(format!("http://{}/{BUCKET}", endpoint.s3.local_addr()))
        .send()
        .await;
    for (response, status) in [
        (served, 200),
        (refused, 403),
        (anonymous.expect("a response"), 403),
    ] {
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        let exposed = &response.headers()["access-control-expose-headers"];
        assert_eq!(
            exposed,
            "ETag, Content-Length, Content-Range, x-amz-request-id"
        );
        assert!(response.headers().contains_key("x-amz-request-id"));
    }
}
