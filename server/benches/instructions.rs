//! Instructions of what each request for URLs computes, counted by valgrind, which is the same on every machine: a change
//! that makes one of them slower fails, whatever else the machine does.
//!
//! The limits are about a tenth above what was counted with the toolchain of this workspace in its `dev` profile, in which
//! the crates that hash and parse are optimised and our own are not. `cargo xtask test --stage instructions` runs it.

#![allow(missing_docs, reason = "the functions are those of macros")]

use std::hint::black_box;

use aws_credential_types::Credentials;
use chrono::{DateTime, TimeDelta};
use gungraun::prelude::*;
use gungraun::{Callgrind, EventKind};
use restow_api::reupload::{PresignedUploadRequest, PresignedUploadResponse};
use restow_api::validation::RequestSchema;
use restow_server::plan::{Plan, PlanLimits};
use restow_server::storage::{Addressing, Endpoint, Signer, UrlLife};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// URLs that are signed at once.
const URLS: u32 = 1_000;

/// A message whose hash takes as many compressions as the signature of a URL.
const THIRTEEN_BLOCKS: [u8; 800] = [0; 800];

const KEY: &str =
    "datasets/0193f0c2-0000-7000-8000-000000000000/0193f0c3-0000-7000-8000-000000000000.csv";
const UPLOAD_ID: &str = "2~0123456789abcdefghijklmnopqrstu";
const BODY: &[u8] =
    br#"{"filename": "measurements.csv", "file_size": 104857600, "content_type": "text/csv"}"#;

/// What a server has before its first request.
struct Site {
    signer: Signer,
    credentials: Credentials,
    life: UrlLife,
}

fn site() -> Site {
    let credentials = Credentials::new("AKIAEXAMPLE", "secret", None, None, "bench");
    let now = DateTime::from_timestamp(1_790_000_000, 0).expect("a time");
    let end = now + TimeDelta::days(1);
    let life = UrlLife::new(now, TimeDelta::hours(1), end, &credentials).expect("a life");
    let endpoint = Some("https://s3.example.org");
    let endpoint = Endpoint::new(endpoint, "eu-central-1", "data", Addressing::Path);
    // The schema is compiled once in a process.
    RequestSchema::of::<PresignedUploadRequest>();
    Site {
        signer: Signer::new(endpoint.expect("an endpoint"), "eu-central-1"),
        credentials,
        life,
    }
}

/// Signs the URLs of the first parts of an upload.
fn sign(site: &Site, parts: u32) -> Vec<u8> {
    let signer = site
        .signer
        .upload(KEY, UPLOAD_ID, site.life, &site.credentials);
    let mut urls = Vec::with_capacity(signer.url_length(parts) * parts as usize);
    for number in 1..=parts {
        signer.part_into(&mut urls, number, 16 << 20);
    }
    urls
}

/// Hashes as much as the signatures of so many URLs.
fn hash(urls: u32) -> u8 {
    let hashes = (0..urls).map(|_| Sha256::digest(black_box(THIRTEEN_BLOCKS))[0]);
    hashes.fold(0, |all, first| all ^ first)
}

fn validate(body: &[u8]) -> PresignedUploadRequest {
    let schema = RequestSchema::of::<PresignedUploadRequest>();
    let body = serde_json::from_slice(body).expect("JSON");
    schema.read("body", body).expect("a valid request")
}

// What no signer of so many URLs can do without. The attribute permits no documentation.
#[library_benchmark(config = limit(58_800_000))]
fn compressions() -> u8 {
    hash(black_box(URLS))
}

#[library_benchmark(config = limit(95_500_000))]
#[bench::thousand(site())]
fn signing(site: Site) -> Vec<u8> {
    sign(&site, black_box(URLS))
}

#[library_benchmark(config = limit(55_000))]
#[bench::valid(site())]
fn validation(site: Site) -> (Site, PresignedUploadRequest) {
    (site, validate(black_box(BODY)))
}

// All that a request for one URL computes beside HTTP, the database and S3.
#[library_benchmark(config = limit(673_000))]
#[bench::single(site())]
fn request(site: Site) -> Vec<u8> {
    let request = validate(black_box(BODY));
    let limits = PlanLimits {
        single_part_limit: request.file_size,
        ..PlanLimits::default()
    };
    let plan = Plan::new(request.file_size, &limits).expect("a plan");
    let urls = sign(&site, plan.part_count());
    let response = PresignedUploadResponse {
        job_id: Uuid::nil(),
        urls: vec![String::from_utf8(urls).expect("a URL")],
        s3_key: KEY.to_string(),
        upload_id: None,
        part_size: None,
    };
    serde_json::to_vec(&response).expect("JSON")
}

/// Fails where there are more instructions.
fn limit(instructions: u64) -> LibraryBenchmarkConfig {
    let mut callgrind = Callgrind::default();
    callgrind.hard_limits([(EventKind::Ir, instructions)]);
    let mut config = LibraryBenchmarkConfig::default();
    config.tool(callgrind);
    config
}

library_benchmark_group!(
    name = requests,
    benchmarks = [compressions, signing, validation, request]
);

main!(library_benchmark_groups = requests);
