//! Judges a running server: every published example, and two whole uploads, in a dataset of its own.

use anyhow::{Context, Result, bail};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::case::{Case, published_cases};
use crate::check::Check;
use crate::client::{Answer, Client};
use crate::contract::Contract;
use crate::finding::Rule;
use crate::interruption::Interruption;
use crate::judgement::Judgement;
use crate::options::EndpointOptions;
use crate::response;
use crate::session::{Call, Checks, Session};
use crate::upload::{REQUEST, Upload, judge_plan, rows_of};

/// The variable with the token, which must not be in a command line.
const TOKEN: &str = "RESTOW_TOKEN";

/// Rows of the small upload.
const FEW_ROWS: usize = 1000;

/// A dataset to judge with.
#[derive(Clone, Copy)]
struct Place {
    dataset_id: Uuid,
    /// Whether only the published operation is judged.
    is_published_only: bool,
}

/// Judges the server that the options name.
///
/// # Errors
/// If there is no token.
pub fn judge(options: &EndpointOptions) -> Result<Judgement> {
    let token = std::env::var(TOKEN)
        .ok()
        .filter(|token| !token.trim().is_empty())
        .with_context(|| {
            format!("set {TOKEN} to a token of the server that may create datasets")
        })?;
    let session = Session {
        client: Client::new(&options.endpoint, token.trim())?,
        contract: Contract::read()?,
    };
    let mut checks = Checks::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(run(&session, &mut checks, options));
    Ok(Judgement {
        subject: options.endpoint.to_string(),
        checks: checks.0,
        stopped: outcome.err().map(|error| format!("{error:#}")),
    })
}

async fn run(session: &Session, checks: &mut Checks, options: &EndpointOptions) -> Result<()> {
    if let Some(dataset_id) = options.dataset {
        let place = Place {
            dataset_id,
            is_published_only: true,
        };
        return judge_in(session, checks, place, options.multipart_size).await;
    }
    // Before there is anything to delete.
    let mut interruption = Interruption::listen()?;
    let name = format!("restow conformance {}", Uuid::new_v4());
    let created = checks.make("create_dataset", async |check| {
        create(session, &name, check).await
    });
    let Some(dataset_id) = created.await? else {
        return Ok(());
    };
    let place = Place {
        dataset_id,
        is_published_only: false,
    };
    let outcome = tokio::select! {
        outcome = judge_in(session, checks, place, options.multipart_size) => outcome,
        reason = interruption.received() => Err(reason),
    };
    let deleted = checks.make("delete_dataset", async |check| {
        delete(session, dataset_id, check).await
    });
    let deleted = deleted
        .await
        .with_context(|| format!("the dataset {name:?} is left behind; delete it"));
    outcome.and(deleted)
}

/// Creates the dataset; `None` if there is none, which has been found.
async fn create(session: &Session, name: &str, check: &mut Check) -> Result<Option<Uuid>> {
    let body = json!({ "name": name });
    let call = Call::of("create_dataset", &[]).with(&body);
    let answer = session.send(call).await?;
    refuse_unusable(&answer)?;
    let operation = session.contract.operation("create_dataset")?;
    let created = response::judge(&operation, 201, &answer, check)?;
    match id_of(&created) {
        Some(id) => Ok(Some(id)),
        // What cannot be named could not be deleted.
        None => find(session, name).await,
    }
}

fn id_of(dataset: &Value) -> Option<Uuid> {
    dataset["id"].as_str()?.parse().ok()
}

async fn find(session: &Session, name: &str) -> Result<Option<Uuid>> {
    let query = format!("?name={}", name.replace(' ', "%20"));
    let call = Call {
        query: &query,
        ..Call::of("list_datasets", &[])
    };
    let answer = session.send(call).await?;
    let list: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    Ok(id_of(&list["items"][0]))
}

async fn delete(session: &Session, dataset_id: Uuid, check: &mut Check) -> Result<()> {
    let id = dataset_id.to_string();
    let parameters = [("dataset_id", id.as_str())];
    session
        .call(Call::of("delete_dataset", &parameters), 204, check)
        .await?;
    Ok(())
}

/// Stops where the token is the reason, about which the contract says nothing.
fn refuse_unusable(answer: &Answer) -> Result<()> {
    if [401, 403].contains(&answer.status) {
        bail!(
            "the server refuses the token in {TOKEN} with {}",
            answer.status
        );
    }
    Ok(())
}

async fn judge_in(
    session: &Session,
    checks: &mut Checks,
    place: Place,
    multipart_size: u64,
) -> Result<()> {
    for case in published_cases()? {
        let name = format!("example {}", case.id);
        checks
            .make(&name, async |check| {
                judge_case(session, place, &case, check).await
            })
            .await?;
    }
    if !place.is_published_only {
        checks
            .make("unknown ids", async |check| {
                judge_unknown(session, check).await
            })
            .await?;
    }
    let small = async |check: &mut Check| upload(session, place, FEW_ROWS, check).await;
    checks.make("upload of a small file", small).await?;
    let rows = rows_of(multipart_size);
    let large = async |check: &mut Check| upload(session, place, rows, check).await;
    let parts = checks.make("upload of several parts", large).await?;
    if parts == Some(1) {
        bail!(
            "the server plans one part for a file of {multipart_size} bytes, so that several parts were not judged; give a larger --multipart-size"
        );
    }
    Ok(())
}

/// Uploads a table, and returns the number of its parts; `None` if it was refused, which has been found.
async fn upload(
    session: &Session,
    place: Place,
    rows: usize,
    check: &mut Check,
) -> Result<Option<usize>> {
    let Some(upload) = Upload::request(session, place.dataset_id, rows, check).await? else {
        return Ok(None);
    };
    if let Some(stored) = upload.send(check).await?
        && !place.is_published_only
    {
        upload.finish(stored, check).await?;
    }
    Ok(Some(upload.parts()))
}

async fn judge_unknown(session: &Session, check: &mut Check) -> Result<()> {
    let id = Uuid::new_v4().to_string();
    let (dataset, job) = ([("dataset_id", id.as_str())], [("job_id", id.as_str())]);
    let body = json!({ "filename": "numbers.csv", "file_size": 1 });
    session
        .call(Call::of(REQUEST, &dataset).with(&body), 404, check)
        .await?;
    session.call(Call::of("get_job", &job), 404, check).await?;
    Ok(())
}

async fn judge_case(session: &Session, place: Place, case: &Case, check: &mut Check) -> Result<()> {
    let answer = send_case(session, place, case).await?;
    let expected = case.answer.status;
    if expected == 201 {
        refuse_unusable(&answer)?;
        if answer.status == 404 && place.is_published_only {
            bail!(
                "the server has no dataset {}, or the token gives no access to it",
                place.dataset_id
            );
        }
    }
    let operation = session.contract.operation(REQUEST)?;
    let body = response::judge(&operation, expected, &answer, check)?;
    if answer.status != expected {
        return Ok(());
    }
    let at = session.place(REQUEST, expected, "")?;
    for (name, value) in &case.answer.headers {
        let found = answer
            .headers
            .get(name)
            .and_then(|found| found.to_str().ok());
        if found != Some(value) {
            let seen = found.unwrap_or("no such header");
            check.find(
                Rule::MissingHeader,
                at.trim_end(),
                &format!("{name}: {value}"),
                &seen,
            );
        }
    }
    for (index, (expected, seen)) in case.different_errors(&body).into_iter().enumerate() {
        let at = format!("{at}/detail (difference {})", index + 1);
        check.find(Rule::ValidationErrors, &at, &expected, &seen);
    }
    if expected == 201 {
        judge_planned_case(session, place, case, &body, check).await?;
    }
    Ok(())
}

async fn send_case(session: &Session, place: Place, case: &Case) -> Result<Answer> {
    let request = case.request_with(place.dataset_id, session.client.token());
    let method = Method::from_bytes(request.method.as_bytes())?;
    let mut sent = session
        .client
        .request(method, &request.path)
        .body(request.body);
    for (name, value) in request.headers {
        sent = sent.header(name, value);
    }
    session.client.send(sent, &request.path).await
}

/// Judges the plan of an example that is accepted, and cancels its job, since nothing is uploaded.
async fn judge_planned_case(
    session: &Session,
    place: Place,
    case: &Case,
    planned: &Value,
    check: &mut Check,
) -> Result<()> {
    let request: Value = serde_json::from_str(&case.request.body)?;
    let file_size = request["file_size"].as_u64().unwrap_or_default();
    judge_plan(session, planned, usize::try_from(file_size)?, check)?;
    if let Some(job_id) = planned["job_id"].as_str()
        && !place.is_published_only
    {
        let parameters = [("job_id", job_id)];
        session
            .call(Call::of("cancel_job", &parameters), 200, check)
            .await?;
    }
    Ok(())
}
