//! The description of the API, with the tables of its codes.

use crate::diff::ChangeKind;
use crate::error::ErrorType;
use crate::finding::FindingType;

const DESCRIPTION: &str = "Replace the data of a dataset by uploading straight to S3.\n\n\
    1. Request URLs. There is one for each part, in the order of the parts: all parts but the last have `part_size` \
    bytes, and an upload without a `part_size` has one part.\n\
    2. PUT the bytes of each part to its URL, without a bearer token. S3 returns an ETag, and errors as XML; 403 or 400 \
    means that the URL has expired, 403 also that the body has the wrong size. Fresh URLs can be requested at any time.\n\
    3. Complete the upload, and poll the job until it is `ready`. A job whose content cannot be read as it stands is \
    `rejected` and keeps its upload: inspect it again with other read options.\n\
    4. Check the preview, and commit: the object becomes the dataset's current version.\n\n\
    The server signs the URLs and inspects the object; uploads and downloads do not pass through it.\n\n\
    The base URL of all paths is the server's with `/api` behind it, for example `https://restow.example/api`.\n\n\
    Responses to GET, other than downloads, have a weak `ETag`; a request with `If-None-Match` that names it gets 304.\n\n\
    ## Errors\n\n\
    The body of every error response of an operation has the schema `HTTPValidationError`, whose `detail` is never empty. \
    `loc` is the location of the error: `body`, `path`, `query`, `header`, `method` or `server`, then names and indexes. `type` is a stable \
    machine code for programs to act on; `msg` is for people, and `ctx` contains the values that it mentions. All schema violations \
    in a request are reported in one 422 response, up to a thousand. With 429 and 503, `Retry-After` is the number of seconds to wait. Where the `ctx` of `unavailable` \
    has a `permanent` that is true, a retry fails until the operator of the server has corrected what `reason` and `msg` say.\n\n";

/// The router's own responses, where no operation is found.
const ROUTER: &str = "\n\nA method that a path does not support returns 405 with `Allow` and the code \
    `method_not_allowed`; `HEAD` is supported wherever `GET` is, and `OPTIONS` everywhere. Where the path is unknown \
    or cannot be decoded, or the method is not a standard HTTP method, the body differs: \
    `{\"request_id\": string, \"message\": string}`, sometimes with an `error_code`, with status 404, 400 or 405. The response to a \
    request that is not valid HTTP, or whose head is too long, has no body.";

/// Heads the list of types of findings. The guide on inspection makes its table from the list.
const FINDINGS: &str = "\n\n## Findings\n\n\
    What an inspection has to say about the content of an object is a list of findings, in the preview of its job. A finding \
    whose `severity` is `error` makes the job `rejected`.\n\n";

/// Heads the list of kinds of changes. The guide on schemas makes its table from the list.
const CHANGES: &str = "\n\n## Changes\n\n\
    How an object differs from a version of its dataset is a list of changes, `schema_diff` in the preview of its job. The \
    policy of the dataset says which of them a commit may make.\n\n";

/// The description of the API.
pub(super) fn description() -> String {
    let code = |code: &ErrorType| {
        let name = format!("`{}` ({})", code.as_str(), code.status().as_str());
        line(&name, code.meaning())
    };
    let finding =
        |finding: &FindingType| line(&format!("`{}`", finding.as_str()), finding.meaning());
    let change = |kind: &ChangeKind| line(&format!("`{}`", kind.as_str()), kind.meaning());
    [
        DESCRIPTION,
        &lines(ErrorType::ALL, code),
        ROUTER,
        FINDINGS,
        &lines(FindingType::ALL, finding),
        CHANGES,
        &lines(ChangeKind::ALL, change),
    ]
    .concat()
}

fn line(name: &str, meaning: &str) -> String {
    format!("- {name}: {meaning}")
}

fn lines<T>(items: &[T], line: impl Fn(&T) -> String) -> String {
    items.iter().map(line).collect::<Vec<_>>().join("\n")
}
