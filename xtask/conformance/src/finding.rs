//! Findings: which rule of the contract is not kept, where, and what to do about it.

/// A rule of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// A response has the status that its request must get.
    Status,
    /// A response has a status that the operation documents.
    UndocumentedStatus,
    /// A response has the documented media type, and no body where none is documented.
    ContentType,
    /// A JSON body can be parsed.
    InvalidJson,
    /// A response has its required members.
    MissingMember,
    /// A value has its documented type.
    WrongType,
    /// A value is within the documented bounds, formats and choices.
    InvalidValue,
    /// A response has no members beside those of the document. Clients ignore others.
    UndocumentedMember,
    /// An error response lists at least one error.
    ErrorBody,
    /// A response has the headers that its status requires.
    MissingHeader,
    /// An invalid request gets exactly the published errors.
    ValidationErrors,
    /// URLs, part size and upload id of a response fit each other and the size of the file.
    UploadPlan,
    /// A given URL accepts its part by a plain PUT.
    PartUpload,
    /// An upload of valid content ends as a version.
    JobOutcome,
    /// What is downloaded is what was uploaded.
    Content,
    /// A document is valid OpenAPI 3.0.
    InvalidDocument,
    /// A document has every published member.
    PublishedMember,
    /// A published member of a document has its published value.
    PublishedValue,
    /// A published object of a document has no further members.
    AdditionalMember,
    /// The members of an object are in the published order.
    MemberOrder,
}

impl Rule {
    /// Its name in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::UndocumentedStatus => "undocumented-status",
            Self::ContentType => "content-type",
            Self::InvalidJson => "invalid-json",
            Self::MissingMember => "missing-member",
            Self::WrongType => "wrong-type",
            Self::InvalidValue => "invalid-value",
            Self::UndocumentedMember => "undocumented-member",
            Self::ErrorBody => "error-body",
            Self::MissingHeader => "missing-header",
            Self::ValidationErrors => "validation-errors",
            Self::UploadPlan => "upload-plan",
            Self::PartUpload => "part-upload",
            Self::JobOutcome => "job-outcome",
            Self::Content => "content",
            Self::InvalidDocument => "invalid-document",
            Self::PublishedMember => "published-member",
            Self::PublishedValue => "published-value",
            Self::AdditionalMember => "additional-member",
            Self::MemberOrder => "member-order",
        }
    }

    /// What to do about a finding.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Status => "Return the expected status for this request.",
            Self::UndocumentedStatus => {
                "Return one of the documented statuses; clients treat others as failures."
            }
            Self::ContentType => {
                "Send the documented media type in Content-Type, and no body where none is documented."
            }
            Self::InvalidJson => "Send a body that is valid JSON in UTF-8.",
            Self::MissingMember => "Include the member in every such response.",
            Self::WrongType => {
                "Send the value with its documented type; typed clients fail on any other."
            }
            Self::InvalidValue => "Send a value that the documented schema accepts.",
            Self::UndocumentedMember => {
                "Clients ignore the member; document it, or remove it from the response."
            }
            Self::ErrorBody => {
                "Send {\"detail\": [{\"loc\": […], \"msg\": \"…\", \"type\": \"…\"}]} with at least one error."
            }
            Self::MissingHeader => "Send the header exactly once, with the expected value.",
            Self::ValidationErrors => {
                "Return every error of the request in one response, path before body, fields in the order of the document."
            }
            Self::UploadPlan => {
                "Return one URL per part: one URL without upload_id and part_size, or several with both."
            }
            Self::PartUpload => {
                "Sign URLs for a public address of S3, with only those headers that every HTTP client sends."
            }
            Self::JobOutcome => {
                "Find the reason in the error of the job and in the log of the server."
            }
            Self::Content => "Return the uploaded bytes unchanged.",
            Self::InvalidDocument => "Correct the document; generators of clients refuse it.",
            Self::PublishedMember => "Add the member as published.",
            Self::PublishedValue => "Change the value back to the published one.",
            Self::AdditionalMember => "Remove the member; what is published must stand unchanged.",
            Self::MemberOrder => {
                "Put the members in the published order, which the rendered page shows."
            }
        }
    }
}

/// A place where something is not as the contract says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that is not kept.
    pub rule: Rule,
    /// Operation, status and JSON pointer; or the pointer into a document.
    pub place: String,
    /// What the contract demands there.
    pub expected: String,
    /// What is there.
    pub seen: String,
}

impl Finding {
    /// Whether it is a departure from the contract; otherwise it is a note.
    pub fn is_departure(&self) -> bool {
        self.rule != Rule::UndocumentedMember
    }
}
