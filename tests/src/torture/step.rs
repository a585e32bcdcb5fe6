//! What clients do.
//!
//! | module | what |
//! |---|---|
//! | `dataset` | create, rename, delete; restore |
//! | `reupload` | a reupload from its request to its end, by hand, with everything that can be done wrong |
//! | `part` | its parts |
//! | `completion` | its completion, right and wrong, and against others |
//! | `commit` | its commit, and against others |
//! | `uploader` | a reupload by the SDK |
//! | `read` | lists, downloads |
//! | `revisit` | requests for an earlier job |
//! | `refusal` | requests that must fail: resources of others, invalid requests, no token |

mod commit;
mod completion;
mod dataset;
mod part;
mod read;
mod refusal;
mod reupload;
mod revisit;
mod uploader;

use rand::rngs::StdRng;

use super::api::Ended;
use super::client::Client;
use super::plan;

/// A kind of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Creates a dataset.
    Create,
    /// Renames one, sometimes to a name that is taken.
    Rename,
    /// Deletes one.
    Delete,
    /// Replaces the data of one, by hand.
    Reupload,
    /// Replaces the data of one, by the SDK.
    Uploader,
    /// Two reuploads on one base, of which only one can be committed.
    Stale,
    /// Makes an old version the current one.
    Restore,
    /// Reads versions and compares every byte.
    Download,
    /// Lists things, page by page.
    List,
    /// Sends requests for an earlier job.
    Revisit,
    /// Requests what belongs to another principal.
    Foreign,
    /// Sends an invalid request.
    Invalid,
    /// Sends an unknown token.
    Token,
}

/// How often each kind is done.
const WEIGHTS: [(u32, Step); 13] = [
    (4, Step::Create),
    (3, Step::Rename),
    (2, Step::Delete),
    (40, Step::Reupload),
    (10, Step::Uploader),
    (6, Step::Stale),
    (7, Step::Restore),
    (10, Step::Download),
    (7, Step::List),
    (12, Step::Revisit),
    (6, Step::Foreign),
    (5, Step::Invalid),
    (3, Step::Token),
];

impl Step {
    /// Any step.
    pub fn any(generator: &mut StdRng) -> Self {
        plan::choose(generator, &WEIGHTS).unwrap_or(Self::Reupload)
    }

    /// Runs the step.
    pub async fn run(self, client: &mut Client, generator: &mut StdRng) -> Result<(), Ended> {
        match self {
            Self::Create => client.create_dataset(generator).await.map(drop),
            Self::Rename => client.rename_dataset(generator).await,
            Self::Delete => client.delete_dataset(generator).await,
            Self::Reupload => client.reupload(generator).await,
            Self::Uploader => client.reupload_by_sdk(generator).await,
            Self::Stale => client.commit_on_stale_base(generator).await,
            Self::Restore => client.restore(generator).await,
            Self::Download => client.download(generator).await,
            Self::List => client.list(generator).await,
            Self::Revisit => client.revisit(generator).await,
            Self::Foreign => client.ask_for_foreign(generator).await,
            Self::Invalid => client.send_invalid(generator).await,
            Self::Token => client.send_unknown_token(generator).await,
        }
    }
}
