//! A static file server.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Result;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// Serves the files of a directory, and returns its URL.
///
/// # Errors
/// If there is no free port.
pub async fn serve(directory: PathBuf) -> Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address: SocketAddr = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let directory = directory.clone();
            tokio::spawn(async move {
                let service = service_fn(|request| {
                    std::future::ready(Ok::<_, Infallible>(respond(&directory, &request)))
                });
                // A browser closes connections that it no longer needs.
                let _ = http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    Ok(format!("http://{address}"))
}

fn respond(directory: &Path, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let mut file = directory.join(request.uri().path().trim_start_matches('/'));
    if file.is_dir() {
        file = file.join("index.html");
    }
    let content_type = match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    };
    let mut response = Response::new(Full::default());
    match std::fs::read(&file) {
        Ok(bytes) => {
            *response.body_mut() = Full::from(bytes);
            response.headers_mut().insert(
                "content-type",
                content_type.parse().expect("a media type is a value"),
            );
        }
        Err(_) => *response.status_mut() = hyper::StatusCode::NOT_FOUND,
    }
    response
}
