//! The verdict on an object: how it differs from a version of its dataset, and whether a commit of it is refused.

use restow_api::version::Acceptance;
use restow_api::{Change, Column, Compression, Policy, ReadOptions, SchemaDiff, Severity, Verdict};
use restow_inspect::{
    Base, Inspection, Side, compression_of_filename, format_of_filename, has_rows, next_schema,
    refused, schema_diff,
};

use crate::error::RefusedChanges;
use crate::store::{ComparedRow, InspectionRow, JobRow, VersionRow};

/// What is known of the object of a job or a version.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    side: Side<'a>,
    etag: Option<&'a str>,
    /// Whether the caller wanted it to be published as it is.
    is_stated_unread: bool,
}

impl<'a> Object<'a> {
    /// The object of a job, as it was inspected; nothing is known of the content of one that cannot be read as it stands.
    pub fn of_job(job: &'a JobRow, found: &'a InspectionRow) -> Self {
        let findings = &found.findings.0;
        Self::new(
            job,
            Side {
                format: found.format.as_deref(),
                compression: compression(found.dialect(), &job.filename.0),
                dialect: found.dialect(),
                columns: Some(&found.columns.0),
                row_count: found.row_count(),
                file_size: job.plan().file_size(),
            },
            findings
                .iter()
                .any(|finding| finding.severity == Severity::Error),
            found.read_options(),
        )
    }

    /// The object of a job that has just been inspected.
    pub fn inspected(
        job: &'a JobRow,
        found: &'a Inspection,
        read_options: Option<&ReadOptions>,
    ) -> Self {
        Self::new(
            job,
            Side {
                format: found.format.as_deref(),
                compression: compression(found.dialect.as_ref(), &job.filename.0),
                dialect: found.dialect.as_ref(),
                columns: Some(&found.columns),
                row_count: found.row_count,
                file_size: job.plan().file_size(),
            },
            found.rejection().is_some(),
            read_options,
        )
    }

    fn new(
        job: &'a JobRow,
        side: Side<'a>,
        is_rejected: bool,
        read_options: Option<&ReadOptions>,
    ) -> Self {
        let side = if is_rejected {
            Side {
                dialect: None,
                columns: None,
                row_count: None,
                ..side
            }
        } else {
            known(side)
        };
        Self {
            side,
            etag: job.etag.as_deref(),
            is_stated_unread: read_options.is_some_and(|options| options.inspect == Some(false)),
        }
    }

    /// The object of a version, whose filename says `format`.
    pub fn of_version(version: &'a VersionRow, format: Option<&'a str>) -> Self {
        Self {
            side: known(Side {
                format: version.format().or(format),
                compression: compression(version.dialect(), version.filename()),
                dialect: version.dialect(),
                columns: Some(version.columns()),
                row_count: version.row_count(),
                file_size: version.file_size(),
            }),
            etag: Some(version.etag()),
            is_stated_unread: false,
        }
    }

    fn has_bytes_of(&self, version: &VersionRow) -> bool {
        self.side.file_size == version.file_size() && self.etag == Some(version.etag())
    }
}

/// How an object is compressed: as it was read, or as its filename says where that is not stated.
fn compression(dialect: Option<&ReadOptions>, filename: &str) -> Compression {
    dialect
        .and_then(|dialect| dialect.compression)
        .unwrap_or_else(|| compression_of_filename(filename))
}

/// Without columns where an object of a format that has some was not inspected.
fn known(side: Side<'_>) -> Side<'_> {
    let is_unread = side.columns.is_none_or(<[Column]>::is_empty)
        && side.row_count.is_none()
        && side.format.is_some_and(has_rows);
    Side {
        columns: side.columns.filter(|_| !is_unread),
        ..side
    }
}

/// What a commit of an object would do.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// How the object differs from the version.
    pub diff: SchemaDiff,
    /// The schema of the dataset after the commit, where it is known.
    pub schema: Option<Vec<Column>>,
    /// Whether columns are missing of the object, where readers may depend on them.
    is_unread: bool,
    /// Whether there is nothing to compare, or nothing to compare with.
    is_uncertain: bool,
}

impl Judgement {
    /// Whether the object has the bytes of the version.
    pub fn is_same(&self) -> bool {
        self.diff.verdict == Verdict::Identical
    }

    /// Why the object is not committed, if it is not.
    pub fn refusal(&self, policy: &Policy, accept: &[Acceptance]) -> Option<RefusedChanges> {
        let changes = refused(&self.diff, policy, accept);
        let is_unread = self.is_unread && !accept.contains(&Acceptance::Uninspected);
        self.refused(&changes, is_unread)
    }

    /// Why the object is not committed without a further request, if it is not: what is not known is for people to judge.
    pub fn automatic_refusal(&self, policy: &Policy) -> Option<RefusedChanges> {
        self.refused(&refused(&self.diff, policy, &[]), self.is_uncertain)
    }

    fn refused(&self, changes: &[&Change], is_unknown: bool) -> Option<RefusedChanges> {
        (is_unknown || !changes.is_empty())
            .then(|| RefusedChanges::new(self.diff.current_version, changes))
    }
}

/// Judges an object against the version that it is to replace, which is none for the first version of a dataset.
pub fn judge(base: Option<&ComparedRow>, object: &Object<'_>) -> Judgement {
    let Some(base) = base else {
        let diff = schema_diff(None, &object.side);
        return Judgement {
            schema: next_schema(None, &object.side, &diff),
            is_unread: false,
            is_uncertain: object.side.columns.is_none() && !object.is_stated_unread,
            diff,
        };
    };
    let version = base.version();
    let format = format_of_filename(version.filename());
    let side = Object::of_version(version, format.as_deref()).side;
    let is_same = object.has_bytes_of(version);
    // A version of an early release has no schema of its own.
    let schema = base.schema().or(side.columns);
    let base = Base {
        version: version.number(),
        side,
        schema,
        is_same,
    };
    let diff = schema_diff(Some(&base), &object.side);
    let is_wanted = !object.is_stated_unread && !is_same;
    Judgement {
        schema: next_schema(schema, &object.side, &diff),
        is_unread: is_wanted && object.side.columns.is_none() && schema.is_some(),
        is_uncertain: is_wanted && (object.side.columns.is_none() || schema.is_none()),
        diff,
    }
}

/// The difference from a version of which nothing is kept any more.
pub fn diff_from_unknown(version: u64, object: &Object<'_>) -> SchemaDiff {
    SchemaDiff {
        current_version: Some(version),
        verdict: Verdict::Breaking,
        ..schema_diff(None, &object.side)
    }
}
