//! What a database is to a bucket.

use std::fmt;

/// What this database is to the bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ownership {
    /// The owner, and up to date.
    Owner,
    /// Neither has an owner yet.
    Unclaimed,
    /// The bucket belongs to another deployment, and this database never owned one.
    OtherDeployment,
    /// This database owns a bucket, and it is not this one.
    WrongBucket,
    /// The bucket belongs to this deployment, but to a newer state of its database, or to another copy of it.
    Outdated,
}

impl Ownership {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Owner,
        Self::Unclaimed,
        Self::OtherDeployment,
        Self::WrongBucket,
        Self::Outdated,
    ];

    /// The name in `/readyz` and in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Unclaimed => "unclaimed",
            Self::OtherDeployment => "other_deployment",
            Self::WrongBucket => "wrong_bucket",
            Self::Outdated => "outdated",
        }
    }

    /// Whether what is not in the bucket is lost, and what is not in the database is left over.
    pub fn is_owner(self) -> bool {
        self == Self::Owner
    }

    /// Whether this process may work on jobs: the bucket is the one that they were uploaded to.
    pub fn may_work(self) -> bool {
        self != Self::WrongBucket
    }

    /// Whether this process may call webhooks: those of a copy of a database are called by the original.
    pub fn may_call_webhooks(self) -> bool {
        matches!(self, Self::Owner | Self::Unclaimed)
    }

    /// What it means and what to do about it, unless all is well.
    pub fn warning(self) -> Option<&'static str> {
        match self {
            Self::Owner | Self::Unclaimed => None,
            Self::OtherDeployment => Some(
                "the bucket belongs to another deployment: nothing in it is removed and no webhook is called; use a bucket \
                 or --s3-prefix of its own, or take this one over with `restow-server adopt`",
            ),
            Self::WrongBucket => Some(
                "the bucket is not the one that this database belongs to: no job is worked on, no webhook is called and \
                 nothing is removed; check --s3-bucket, --s3-endpoint and --s3-prefix, or take the bucket over with `restow-server adopt`",
            ),
            Self::Outdated => Some(
                "the bucket has been in use with a newer state of this database, so this one is a restored backup or a \
                 copy: nothing is removed and no webhook is called; see what is at stake and take the bucket over with `restow-server adopt`",
            ),
        }
    }
}

impl Ownership {
    /// The warning in two parts, what is wrong and what to do, unless all is well.
    pub fn problem(self) -> Option<(&'static str, &'static str)> {
        let warning = self.warning()?;
        Some(warning.split_once("; ").unwrap_or((warning, "")))
    }
}

impl fmt::Display for Ownership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_advice() {
        for ownership in Ownership::ALL {
            let problem = ownership.problem();
            let has_advice =
                problem.is_some_and(|(_, advice)| advice.contains("restow-server adopt"));
            let is_well = matches!(ownership, Ownership::Owner | Ownership::Unclaimed);
            assert_eq!(has_advice, !is_well, "{ownership}: {problem:?}");
        }
    }
}
