//! One request and its reply.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::channel::{Channel, Sender};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1::handshake;
use hyper::header::RETRY_AFTER;
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use super::fault::Fault;
use super::shared::Shared;

/// Maximum size of a request's body in bytes: that of the parts that tests send.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// Why a connection ends.
type Failure = Box<dyn Error + Send + Sync>;

type Reply = Response<BoxBody<Bytes, Failure>>;

/// The reply to a request; an error ends its connection.
pub(super) async fn respond(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Reply, Failure> {
    match shared.meet(&request) {
        None => Ok(forward(&shared, request)
            .await?
            .map(|body| body.map_err(Failure::from).boxed())),
        Some(Fault::Refuse(status, code)) => {
            // A client that is still sending when the connection ends may not receive the response.
            received(request).await?;
            refusal(StatusCode::from_u16(status)?, code)
        }
        Some(Fault::Postpone(seconds)) => {
            received(request).await?;
            let mut reply = refusal(StatusCode::SERVICE_UNAVAILABLE, "SlowDown")?;
            reply.headers_mut().insert(RETRY_AFTER, seconds.into());
            Ok(reply)
        }
        Some(Fault::Reset) => Err("reset".into()),
        Some(Fault::ResetInBody) => Err(half_read(request).await?),
        Some(Fault::Hang) => std::future::pending().await,
        Some(Fault::Whitespace { every, lasting }) => {
            Ok(with_whitespace(shared, request, every, lasting))
        }
        Some(Fault::Corrupt) => {
            let (parts, body) = received(request).await?;
            let body = body
                .iter()
                .enumerate()
                .map(|(at, byte)| byte ^ u8::from(at == 0))
                .collect();
            Ok(pass_on(&shared, parts, body)
                .await?
                .map(|body| body.map_err(Failure::from).boxed()))
        }
        Some(fault) => spoiled(forward(&shared, request).await?, fault).await,
    }
}

/// Reads half of the body; the error ends the connection.
async fn half_read(request: Request<Incoming>) -> Result<Failure, Failure> {
    let half = request.body().size_hint().lower() / 2;
    let (mut body, mut read) = (request.into_body(), 0);
    while read < half
        && let Some(frame) = body.frame().await
    {
        read += frame?.data_ref().map_or(0, |data| data.len() as u64);
    }
    Ok("reset in the body".into())
}

async fn received(request: Request<Incoming>) -> Result<(Parts, Bytes), Failure> {
    let (parts, body) = request.into_parts();
    Ok((
        parts,
        Limited::new(body, MAX_BODY).collect().await?.to_bytes(),
    ))
}

async fn forward(
    shared: &Shared,
    request: Request<Incoming>,
) -> Result<Response<Incoming>, Failure> {
    let (parts, body) = received(request).await?;
    pass_on(shared, parts, body).await
}

async fn pass_on(
    shared: &Shared,
    parts: Parts,
    body: Bytes,
) -> Result<Response<Incoming>, Failure> {
    let stream = TcpStream::connect(shared.upstream).await?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender
        .send_request(Request::from_parts(parts, Full::new(body)))
        .await?)
}

/// Applies a fault to a reply of S3.
async fn spoiled(reply: Response<Incoming>, fault: Fault) -> Result<Reply, Failure> {
    let (parts, body) = reply.into_parts();
    let body = body.collect().await?.to_bytes();
    match fault {
        Fault::Belie(status, code) => return refusal(StatusCode::from_u16(status)?, code),
        Fault::EmptyReply => return Ok(Response::new(whole(Bytes::new()))),
        Fault::CutReply => return Ok(Response::from_parts(parts, half(&body, async {}))),
        Fault::StallReply => {
            return Ok(Response::from_parts(
                parts,
                half(&body, std::future::pending()),
            ));
        }
        Fault::Hold(gate) => gate.wait().await,
        _ => return Err("the reply is lost".into()),
    }
    Ok(Response::from_parts(parts, whole(body)))
}

fn whole(body: Bytes) -> BoxBody<Bytes, Failure> {
    Full::new(body).map_err(|never| match never {}).boxed()
}

/// The first half of a body, and at the time `end` the end of the connection.
fn half(body: &Bytes, end: impl Future<Output = ()> + Send + 'static) -> BoxBody<Bytes, Failure> {
    let (mut sender, rest) = Channel::<Bytes, Failure>::new(1);
    let half = body.slice(..body.len() / 2);
    tokio::spawn(async move {
        // The reader may have closed the connection.
        let _ = sender.send_data(half).await;
        end.await;
        sender.abort("cut".into());
    });
    rest.boxed()
}

fn refusal(status: StatusCode, code: &str) -> Result<Reply, Failure> {
    let body =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code></Error>");
    Ok(Response::builder()
        .status(status)
        .header("content-type", "application/xml")
        .body(whole(body.into()))?)
}

fn with_whitespace(
    shared: Arc<Shared>,
    request: Request<Incoming>,
    every: Duration,
    lasting: Duration,
) -> Reply {
    let (sender, body) = Channel::<Bytes, Failure>::new(1);
    tokio::spawn(send_late(shared, request, every, lasting, sender));
    Response::new(body.boxed())
}

async fn send_late(
    shared: Arc<Shared>,
    request: Request<Incoming>,
    every: Duration,
    lasting: Duration,
    mut sender: Sender<Bytes, Failure>,
) -> Result<(), Failure> {
    let end = Instant::now() + lasting;
    while Instant::now() < end {
        sender.send_data(Bytes::from_static(b" ")).await?;
        sleep(every).await;
    }
    let reply = forward(&shared, request)
        .await?
        .into_body()
        .collect()
        .await?;
    Ok(sender.send_data(reply.to_bytes()).await?)
}
