//! Check of the issuers whose tokens are accepted: their keys are fetched.

use super::{Finding, Findings};
use crate::oidc::{self, IssuerList};

const NAME: &str = "issuers";

/// Fetches the keys of each issuer.
pub(super) async fn check(list: &IssuerList, findings: &mut Findings) {
    if list.issuers.is_empty() {
        return findings.skip(&[NAME], "--oidc-issuers is not set");
    }
    for issuer in &list.issuers {
        let name = &issuer.name;
        findings.add(match oidc::count_keys(issuer).await {
            Ok(0) => Finding::warning(
                NAME,
                format!("{name} has no key that can be used, so that its tokens are refused"),
                "see the keys of the issuer, and `algorithms` in the file of --oidc-issuers",
            ),
            Ok(keys) => Finding::ok(NAME, format!("{name} responds, and has {keys} keys")),
            Err(reason) => Finding::failed(
                NAME,
                format!("the keys of {name} cannot be fetched: {reason}"),
                "check `url` in the file of --oidc-issuers, and that this machine can reach the issuer; its tokens are refused \
                 until then",
            ),
        });
    }
}
