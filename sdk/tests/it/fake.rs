//! A Restow server and its S3 in one: one dataset, one job, and faults on demand.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hyper::{Method, StatusCode};
use md5::{Digest, Md5};
use restow_sdk::{Client, RetryPolicy};
use serde_json::{Value, json};
use tokio::sync::Barrier;
use uuid::Uuid;

use crate::server::{Received, Reply, Server, answer, json as json_answer, serve, with_headers};

pub const TOKEN: &str = "restow_s3cr3t";
pub const SIGNATURE: &str = "51gnatur3";
pub const DATASET: Uuid = Uuid::from_u128(1);
pub const JOB: Uuid = Uuid::from_u128(2);

/// Fault of one PUT of a part.
#[derive(Clone, Copy)]
pub enum Fault {
    /// Refuse with a status and a code.
    Refuse(StatusCode, &'static str),
    /// Break the connection.
    Reset,
    /// Respond with success, and do not store it.
    Lose,
    /// Never respond.
    Hang,
    /// Store it, and return the MD5 of other bytes as its `ETag`.
    WrongTag,
}

type Observer = Box<dyn Fn(u64) + Send + Sync>;

/// Settings and received requests of the server.
#[derive(Default)]
pub struct State {
    base: String,
    file_size: usize,
    /// Size of a part in bytes; `None` for single-part uploads.
    pub part_size: Option<usize>,
    /// Whether `ETag`s are MD5s; otherwise they are made of them, but look different.
    pub md5_etags: bool,
    /// `ETag` of the version; by default that of the stored parts.
    pub version_etag: Option<String>,
    /// Headers of S3's responses.
    pub headers: Vec<(&'static str, &'static str)>,
    /// `X-Amz-Expires` of the URLs in seconds; 3600 if none.
    pub url_life: Option<u64>,
    /// Faults of PUTs to come, by part number.
    pub faults: Vec<(u64, Fault)>,
    /// Statuses that a job shows after completion, each once; the last stays.
    pub statuses: VecDeque<&'static str>,
    /// Error statuses of `GET /jobs/{job_id}` before those.
    pub job_refusals: Vec<StatusCode>,
    /// Verdict of the preview, and its changes.
    pub verdict: &'static str,
    pub changes: Value,
    /// Policy of the dataset.
    pub policy: Value,
    /// Changes for which commits that accept nothing are refused.
    pub refused: Value,
    /// Whether the object has the same bytes as the current version.
    pub is_identical: bool,
    /// Holds PUTs until this many are in flight.
    pub gate: Option<Arc<Barrier>>,
    /// Called at each PUT, before its response.
    pub observer: Option<Observer>,

    pub request: Value,
    pub stored: BTreeMap<u64, Bytes>,
    /// Numbers of the parts put, in order.
    pub puts: Vec<u64>,
    pub under_way: usize,
    pub most_under_way: usize,
    /// Parts of each request for new URLs.
    pub renewals: Vec<Vec<u64>>,
    pub completions: usize,
    pub completion: Value,
    pub commits: usize,
    pub commit: Value,
    /// Bodies of the requests for another inspection.
    pub inspections: Vec<Value>,
    pub cancels: usize,
    /// Method and path of each request to the API, with `D` and `J` for the dataset and the job.
    pub requests: Vec<String>,
    /// Requests that S3 would refuse.
    pub offences: Vec<String>,
}

#[derive(Clone)]
pub struct Fake {
    state: Arc<Mutex<State>>,
    server: Arc<Server>,
}

impl Fake {
    pub async fn start() -> Self {
        let state = Arc::new(Mutex::new(State {
            statuses: ["completing", "inspecting", "ready"].into(),
            verdict: "compatible",
            changes: json!([]),
            policy: json!({}),
            ..State::default()
        }));
        let shared = state.clone();
        let server = Arc::new(serve(move |received| handle(shared.clone(), received)).await);
        state.lock().unwrap().base.clone_from(&server.url);
        Self { state, server }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// A client with five immediate retries.
    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    pub fn builder(&self) -> restow_sdk::ClientBuilder {
        let moment = std::time::Duration::from_millis(1);
        let policy = RetryPolicy {
            retries: 5,
            initial_delay: moment,
            max_delay: moment,
        };
        Client::builder(&self.server.url, TOKEN).retry(policy)
    }

    /// The assembled parts of S3.
    pub fn object(&self) -> Vec<u8> {
        self.state().stored.values().flatten().copied().collect()
    }
}

impl State {
    fn parts(&self) -> u64 {
        self.part_size
            .map_or(1, |size| self.file_size.div_ceil(size) as u64)
    }

    fn length(&self, number: u64) -> usize {
        let size = self.part_size.unwrap_or(self.file_size);
        size.min(self.file_size - (usize::try_from(number).unwrap() - 1) * size)
    }

    fn url(&self, number: u64) -> String {
        let life = self.url_life.unwrap_or(3600);
        format!(
            "{}/s3/key?partNumber={number}&X-Amz-Date=20260101T000000Z&X-Amz-Expires={life}&X-Amz-Signature={SIGNATURE}",
            self.base
        )
    }

    fn etag(&self, bytes: &Bytes) -> String {
        let digest = Md5::digest(bytes);
        if self.md5_etags {
            format!("\"{}\"", hex::encode(digest))
        } else {
            format!("\"{}\"", STANDARD.encode(digest))
        }
    }

    fn fault(&mut self, number: u64) -> Option<Fault> {
        let index = self.faults.iter().position(|(part, _)| *part == number)?;
        Some(self.faults.remove(index).1)
    }

    fn status(&mut self) -> &'static str {
        if self.completions == 0 {
            return "awaiting_upload";
        }
        if self.statuses.len() > 1 {
            self.statuses.pop_front().unwrap()
        } else {
            self.statuses[0]
        }
    }

    fn job(&mut self) -> Value {
        let status = self.status();
        json!({
            "id": JOB, "dataset_id": DATASET, "status": status, "filename": "f", "content_type": "c",
            "file_size": self.file_size, "progress": {"phase": "done", "bytes_done": 0, "bytes_total": 0},
            "version": (status == "committed").then_some(1), "error": error_of(status),
            "created_at": "2026-01-01T00:00:00Z", "deadline": "2026-01-02T00:00:00Z",
        })
    }

    fn version_etag(&self) -> String {
        let mut digest = Md5::new();
        self.stored
            .values()
            .for_each(|bytes| digest.update(Md5::digest(bytes)));
        self.version_etag.clone().unwrap_or(format!(
            "{}-{}",
            hex::encode(digest.finalize()),
            self.stored.len()
        ))
    }

    /// The list of parts.
    fn held(&self) -> Value {
        let part = |(number, bytes): (&u64, &Bytes)| json!({"part_number": number, "size": bytes.len(), "etag": self.etag(bytes).trim_matches('"')});
        json!({"items": self.stored.iter().map(part).collect::<Vec<_>>()})
    }

    /// Records what S3 would refuse: the bearer token, chunked encoding, another length.
    fn inspect(&mut self, number: u64, received: &Received) {
        let header = |name: &str| {
            received
                .headers
                .get(name)
                .map(|value| value.to_str().unwrap().to_string())
        };
        let length = self.length(number).to_string();
        if header("authorization").is_some() || header("transfer-encoding").is_some() {
            self.offences
                .push(format!("part {number}: {:?}", received.headers));
        }
        if header("content-length") != Some(length) {
            self.offences.push(format!(
                "part {number}: length {:?}",
                header("content-length")
            ));
        }
    }

    /// Parts that were not stored, or not with the `ETag` that the client sent.
    fn mismatched(&self, body: &Value) -> Vec<u64> {
        let said: BTreeMap<u64, String> = body["parts"]
            .as_array()
            .unwrap()
            .iter()
            .map(completed_part)
            .collect();
        let tags = |number: &u64| self.stored.get(number).map(|bytes| self.etag(bytes));
        // The wrong `ETag` was returned on purpose.
        let wrong = |number: &u64| {
            tags(number) != said.get(number).cloned() && said.get(number) != Some(&wrong_etag())
        };
        (1..=self.parts()).filter(wrong).collect()
    }
}

fn completed_part(part: &Value) -> (u64, String) {
    (
        part["part_number"].as_u64().unwrap(),
        part["etag"].as_str().unwrap().to_string(),
    )
}

fn wrong_etag() -> String {
    format!("\"{}\"", "f".repeat(32))
}

/// An error body of the API.
pub fn refusal(error_type: &str, ctx: &Value) -> Value {
    json!({"detail": [{"loc": ["path", "job_id"], "msg": "Refused", "type": error_type, "ctx": ctx}]})
}

async fn handle(state: Arc<Mutex<State>>, received: Received) -> Reply {
    if received.path == "/s3/key" {
        return put_part(&state, received).await;
    }
    assert_eq!(received.headers["authorization"], format!("Bearer {TOKEN}"));
    let body = serde_json::from_slice(&received.body).unwrap_or_default();
    let path = received
        .path
        .replace(&DATASET.to_string(), "D")
        .replace(&JOB.to_string(), "J");
    let mut state = state.lock().unwrap();
    let request = format!("{} {path}", received.method);
    state.requests.push(request);
    match (received.method, path.as_str()) {
        (Method::POST, "/api/datasets/D/reupload/presigned") => begin(&mut state, body),
        (Method::POST, "/api/datasets/D/reupload/presigned/J/complete") => {
            complete(&mut state, &body)
        }
        (Method::POST, "/api/jobs/J/urls") => urls(&mut state, &body),
        (Method::GET, "/api/jobs/J") => match state.job_refusals.pop() {
            Some(status) => answer(status, "away"),
            None => json_answer(StatusCode::OK, &state.job()),
        },
        (Method::GET, "/api/datasets/D/jobs") => json_answer(StatusCode::OK, &json!({"items": []})),
        (Method::GET, "/api/jobs/J/parts") => json_answer(StatusCode::OK, &state.held()),
        (Method::POST, "/api/jobs/J/cancel") => {
            state.cancels += 1;
            json_answer(StatusCode::OK, &state.job())
        }
        (Method::GET, "/api/datasets/D") => json_answer(StatusCode::OK, &dataset(&state.policy)),
        (Method::GET, "/api/datasets/D/versions/1") => {
            let version = version(state.file_size, &state.version_etag());
            json_answer(StatusCode::OK, &version)
        }
        (Method::GET, "/api/jobs/J/preview") => json_answer(StatusCode::OK, &preview(&state)),
        (Method::POST, "/api/jobs/J/inspect") => {
            state.inspections.push(body);
            json_answer(StatusCode::OK, &state.job())
        }
        (Method::POST, "/api/jobs/J/commit") => commit(&mut state, body),
        // As a server of an early release, which has no events.
        (Method::GET, "/api/jobs/J/events") => answer(StatusCode::NOT_FOUND, "no such path"),
        other => panic!("no such operation: {other:?}"),
    }
}

/// Error of a job in a state.
fn error_of(status: &str) -> Option<Value> {
    match status {
        "failed" => Some(json!({"type": "object_missing", "msg": "no object", "ctx": {}})),
        "rejected" => Some(json!({"type": "unclosed_quote", "msg": "A quote", "ctx": {"line": 3}})),
        _ => None,
    }
}

fn dataset(policy: &Value) -> Value {
    json!({
        "id": DATASET, "name": "d", "owner": "o", "policy": policy,
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
    })
}

/// A change of a kind.
pub fn change(kind: &str, breaking: bool) -> Value {
    json!({"kind": kind, "column": "c", "breaking": breaking, "msg": format!("{kind} of c")})
}

fn preview(state: &State) -> Value {
    let finding = json!({
        "type": "unclosed_quote", "severity": "error", "msg": "A quote", "line": 3, "examples": [],
    });
    json!({
        "job_id": JOB, "columns": [], "sample": [], "findings": [finding], "findings_total": 1,
        "schema_diff": {
            "verdict": state.verdict, "changes": state.changes, "row_count": {}, "file_size": {},
        },
    })
}

fn commit(state: &mut State, body: Value) -> Reply {
    let is_refused = state.refused.is_array() && body["accept"].is_null();
    state.commit = body;
    if is_refused {
        let ctx = json!({"current_version": 1, "changes": state.refused, "total": 1});
        return json_answer(StatusCode::CONFLICT, &refusal("breaking_change", &ctx));
    }
    state.commits += 1;
    let mut version = version(state.file_size, &state.version_etag());
    if state.is_identical {
        version["job_id"] = json!(Uuid::from_u128(3));
        version["etag"] = json!("0".repeat(32));
    }
    json_answer(StatusCode::OK, &version)
}

fn version(file_size: usize, etag: &str) -> Value {
    json!({
        "dataset_id": DATASET, "version": 1, "job_id": JOB, "filename": "f", "content_type": "c",
        "file_size": file_size, "etag": etag, "columns": [], "created_at": "2026-01-01T00:00:00Z",
    })
}

fn begin(state: &mut State, body: Value) -> Reply {
    state.file_size = usize::try_from(body["file_size"].as_u64().unwrap()).unwrap();
    state.request = body;
    let urls: Vec<_> = (1..=state.parts())
        .map(|number| state.url(number))
        .collect();
    let answer =
        json!({"job_id": JOB, "urls": urls, "s3_key": "key", "part_size": state.part_size});
    json_answer(StatusCode::CREATED, &answer)
}

fn urls(state: &mut State, body: &Value) -> Reply {
    let numbers: Vec<u64> = body["part_numbers"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_u64)
        .collect();
    let item = |number: &u64| {
        json!({
            "part_number": number, "url": state.url(*number), "content_length": state.length(*number),
            "expires_at": "2026-01-01T01:00:00Z",
        })
    };
    let items: Vec<_> = numbers.iter().map(item).collect();
    state.renewals.push(numbers);
    json_answer(StatusCode::OK, &json!({"items": items}))
}

fn complete(state: &mut State, body: &Value) -> Reply {
    let wrong = state.mismatched(body);
    if !wrong.is_empty() {
        let ctx = json!({"parts": wrong, "total": wrong.len()});
        return json_answer(StatusCode::CONFLICT, &refusal("parts_mismatch", &ctx));
    }
    state.completions += 1;
    state.completion = body.clone();
    let status = state.status();
    json_answer(
        StatusCode::OK,
        &json!({"job_id": JOB, "status": status, "message": "so it is"}),
    )
}

async fn put_part(state: &Mutex<State>, received: Received) -> Reply {
    let number = received.query["partNumber"].parse().unwrap();
    let (fault, gate) = {
        let mut state = state.lock().unwrap();
        state.inspect(number, &received);
        state.puts.push(number);
        state.under_way += 1;
        state.most_under_way = state.most_under_way.max(state.under_way);
        if let Some(observer) = &state.observer {
            observer(number);
        }
        (state.fault(number), state.gate.clone())
    };
    if let Some(gate) = gate {
        gate.wait().await;
    }
    let mut state = state.lock().unwrap();
    state.under_way -= 1;
    settle(&mut state, number, fault, received)
}

fn settle(state: &mut State, number: u64, fault: Option<Fault>, received: Received) -> Reply {
    match fault {
        Some(Fault::Refuse(status, code)) => refuse(status, code),
        Some(Fault::Reset) => Reply::Reset,
        Some(Fault::Hang) => Reply::Never,
        _ if received.headers["content-md5"] != STANDARD.encode(Md5::digest(&received.body)) => {
            refuse(StatusCode::BAD_REQUEST, "BadDigest")
        }
        fault => {
            let is_wrong = matches!(fault, Some(Fault::WrongTag));
            let etag = if is_wrong {
                wrong_etag()
            } else {
                state.etag(&received.body)
            };
            if fault.is_none() || is_wrong {
                state.stored.insert(number, received.body);
            }
            let headers: Vec<_> = state
                .headers
                .iter()
                .copied()
                .chain([("etag", etag.as_str())])
                .collect();
            Reply::Answer(with_headers(StatusCode::OK, &headers, Bytes::new()))
        }
    }
}

fn refuse(status: StatusCode, code: &str) -> Reply {
    let message = "<Message>Not like this</Message>";
    let secret = format!("<StringToSign>X-Amz-Signature={SIGNATURE}</StringToSign>");
    answer(
        status,
        format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code>{message}{secret}</Error>"),
    )
}
