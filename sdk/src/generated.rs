// Generated from openapi.json by `cargo xtask sdk write`; not to be edited.

#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
#[allow(unused_imports)]
use progenitor_client::{encode_path, ClientHooks, OperationInfo, RequestBuilderExt};
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    ///`Acceptance`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum Acceptance {
        #[serde(rename = "uninspected")]
        Uninspected,
        #[serde(rename = "column_added")]
        ColumnAdded,
        #[serde(rename = "column_removed")]
        ColumnRemoved,
        #[serde(rename = "column_renamed")]
        ColumnRenamed,
        #[serde(rename = "type_fits")]
        TypeFits,
        #[serde(rename = "type_breaks")]
        TypeBreaks,
        #[serde(rename = "nulls_appeared")]
        NullsAppeared,
        #[serde(rename = "order_changed")]
        OrderChanged,
        #[serde(rename = "format_changed")]
        FormatChanged,
        #[serde(rename = "dialect_changed")]
        DialectChanged,
        #[serde(rename = "rows_lost")]
        RowsLost,
    }
    impl ::std::fmt::Display for Acceptance {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Uninspected => f.write_str("uninspected"),
                Self::ColumnAdded => f.write_str("column_added"),
                Self::ColumnRemoved => f.write_str("column_removed"),
                Self::ColumnRenamed => f.write_str("column_renamed"),
                Self::TypeFits => f.write_str("type_fits"),
                Self::TypeBreaks => f.write_str("type_breaks"),
                Self::NullsAppeared => f.write_str("nulls_appeared"),
                Self::OrderChanged => f.write_str("order_changed"),
                Self::FormatChanged => f.write_str("format_changed"),
                Self::DialectChanged => f.write_str("dialect_changed"),
                Self::RowsLost => f.write_str("rows_lost"),
            }
        }
    }
    impl ::std::str::FromStr for Acceptance {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "uninspected" => Ok(Self::Uninspected),
                "column_added" => Ok(Self::ColumnAdded),
                "column_removed" => Ok(Self::ColumnRemoved),
                "column_renamed" => Ok(Self::ColumnRenamed),
                "type_fits" => Ok(Self::TypeFits),
                "type_breaks" => Ok(Self::TypeBreaks),
                "nulls_appeared" => Ok(Self::NullsAppeared),
                "order_changed" => Ok(Self::OrderChanged),
                "format_changed" => Ok(Self::FormatChanged),
                "dialect_changed" => Ok(Self::DialectChanged),
                "rows_lost" => Ok(Self::RowsLost),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for Acceptance {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Acceptance {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///Branch that the CI job runs on, such as `main`. Tags and pull requests are no branches.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Branch(::std::string::String);
    impl ::std::ops::Deref for Branch {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Branch> for ::std::string::String {
        fn from(value: Branch) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Branch {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 255usize {
                return Err("longer than 255 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^[^\\x00-\\x1f\\x7f]*$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err("doesn't match pattern \"^[^\\x00-\\x1f\\x7f]*$\"".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Branch {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Branch {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Branch {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`Caller`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Caller {
        ///Datasets that the token is for; null for all that its principal may use.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub datasets: ::std::option::Option<::std::vec::Vec<::uuid::Uuid>>,
        ///Time from which the token is no longer valid; null where it is valid until it is revoked.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub expires_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///Whether the principal administers the deployment.
        pub is_admin: bool,
        ///Name of the principal.
        pub principal: ::std::string::String,
        ///What the token may be used for.
        pub scopes: ::std::vec::Vec<Scope>,
        ///Identifier of the token; null for one that another issuer signed.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub token_id: ::std::option::Option<::uuid::Uuid>,
        ///What the token is called.
        pub token_name: ::std::string::String,
    }
    impl Caller {
        pub fn builder() -> builder::Caller {
            Default::default()
        }
    }
    ///`Change`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Change {
        ///Whether readers cannot cope with it.
        pub breaking: bool,
        ///Column that changed, with the names of nested fields separated by dots; null if it concerns the whole object.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub column: ::std::option::Option<::std::string::String>,
        ///State in the schema of the dataset, or in the version that is compared with; null if there was none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub from: ::std::option::Option<::serde_json::Value>,
        ///What changed.
        pub kind: ChangeKind,
        ///What changed, for people.
        pub msg: ::std::string::String,
        ///State in the object; null if there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub to: ::std::option::Option<::serde_json::Value>,
    }
    impl Change {
        pub fn builder() -> builder::Change {
            Default::default()
        }
    }
    ///`ChangeKind`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum ChangeKind {
        #[serde(rename = "column_added")]
        ColumnAdded,
        #[serde(rename = "column_removed")]
        ColumnRemoved,
        #[serde(rename = "column_renamed")]
        ColumnRenamed,
        #[serde(rename = "type_fits")]
        TypeFits,
        #[serde(rename = "type_breaks")]
        TypeBreaks,
        #[serde(rename = "nulls_appeared")]
        NullsAppeared,
        #[serde(rename = "order_changed")]
        OrderChanged,
        #[serde(rename = "format_changed")]
        FormatChanged,
        #[serde(rename = "dialect_changed")]
        DialectChanged,
        #[serde(rename = "rows_lost")]
        RowsLost,
    }
    impl ::std::fmt::Display for ChangeKind {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::ColumnAdded => f.write_str("column_added"),
                Self::ColumnRemoved => f.write_str("column_removed"),
                Self::ColumnRenamed => f.write_str("column_renamed"),
                Self::TypeFits => f.write_str("type_fits"),
                Self::TypeBreaks => f.write_str("type_breaks"),
                Self::NullsAppeared => f.write_str("nulls_appeared"),
                Self::OrderChanged => f.write_str("order_changed"),
                Self::FormatChanged => f.write_str("format_changed"),
                Self::DialectChanged => f.write_str("dialect_changed"),
                Self::RowsLost => f.write_str("rows_lost"),
            }
        }
    }
    impl ::std::str::FromStr for ChangeKind {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "column_added" => Ok(Self::ColumnAdded),
                "column_removed" => Ok(Self::ColumnRemoved),
                "column_renamed" => Ok(Self::ColumnRenamed),
                "type_fits" => Ok(Self::TypeFits),
                "type_breaks" => Ok(Self::TypeBreaks),
                "nulls_appeared" => Ok(Self::NullsAppeared),
                "order_changed" => Ok(Self::OrderChanged),
                "format_changed" => Ok(Self::FormatChanged),
                "dialect_changed" => Ok(Self::DialectChanged),
                "rows_lost" => Ok(Self::RowsLost),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for ChangeKind {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for ChangeKind {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///OpenID Connect token of the CI job, for the audience of this server. It can be exchanged once.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct CiToken(::std::string::String);
    impl ::std::ops::Deref for CiToken {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<CiToken> for ::std::string::String {
        fn from(value: CiToken) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for CiToken {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 16384usize {
                return Err("longer than 16384 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for CiToken {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for CiToken {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for CiToken {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`Column`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Column {
        ///The full type in Arrow's notation, like `int32`, `decimal128(10, 2)` or `list<string>`; for text the type that holds every value. Null if the values are of different types.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub data_type: ::std::option::Option<::std::string::String>,
        ///Pattern of dates that are not written as `YYYY-MM-DD`, like `DD/MM/YYYY`. Text all of whose values are dates in several patterns has all of these: `DD/MM/YYYY|MM/DD/YYYY`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub date_pattern: ::std::option::Option<::std::string::String>,
        ///Number of distinct values.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub distinct: ::std::option::Option<DistinctCount>,
        ///Columns within an object or a list; a list has one, called `element`.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub fields: ::std::vec::Vec<Column>,
        ///Distribution of numbers and times.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub histogram: ::std::option::Option<Histogram>,
        ///Greatest value: a number, or text where JSON has no exact number.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub max: ::std::option::Option<::serde_json::Value>,
        ///Length of the longest text, in characters.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub max_length: ::std::option::Option<i64>,
        ///Mean of the numbers.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub mean: ::std::option::Option<f64>,
        ///Least value: a number, or text where JSON has no exact number.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub min: ::std::option::Option<::serde_json::Value>,
        ///Length of the shortest text, in characters.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub min_length: ::std::option::Option<i64>,
        ///Name of the column in the file.
        pub name: ::std::string::String,
        ///Whether the file declares that the column can contain null values; null if the format does not declare it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub nullable: ::std::option::Option<bool>,
        ///Number of null values.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub nulls: ::std::option::Option<i64>,
        ///Standard deviation of the numbers, of a sample (divided by their number less one).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub stddev: ::std::option::Option<f64>,
        ///Up to five most frequent values, most frequent first.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub top: ::std::vec::Vec<TopValue>,
        ///Narrowest type that fits every value of the column.
        #[serde(rename = "type")]
        pub type_: ColumnType,
    }
    impl Column {
        pub fn builder() -> builder::Column {
            Default::default()
        }
    }
    ///`ColumnType`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum ColumnType {
        #[serde(rename = "null")]
        Null,
        #[serde(rename = "boolean")]
        Boolean,
        #[serde(rename = "integer")]
        Integer,
        #[serde(rename = "float")]
        Float,
        #[serde(rename = "decimal")]
        Decimal,
        #[serde(rename = "date")]
        Date,
        #[serde(rename = "time")]
        Time,
        #[serde(rename = "timestamp")]
        Timestamp,
        #[serde(rename = "string")]
        String,
        #[serde(rename = "binary")]
        Binary,
        #[serde(rename = "object")]
        Object,
        #[serde(rename = "array")]
        Array,
    }
    impl ::std::fmt::Display for ColumnType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Null => f.write_str("null"),
                Self::Boolean => f.write_str("boolean"),
                Self::Integer => f.write_str("integer"),
                Self::Float => f.write_str("float"),
                Self::Decimal => f.write_str("decimal"),
                Self::Date => f.write_str("date"),
                Self::Time => f.write_str("time"),
                Self::Timestamp => f.write_str("timestamp"),
                Self::String => f.write_str("string"),
                Self::Binary => f.write_str("binary"),
                Self::Object => f.write_str("object"),
                Self::Array => f.write_str("array"),
            }
        }
    }
    impl ::std::str::FromStr for ColumnType {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "null" => Ok(Self::Null),
                "boolean" => Ok(Self::Boolean),
                "integer" => Ok(Self::Integer),
                "float" => Ok(Self::Float),
                "decimal" => Ok(Self::Decimal),
                "date" => Ok(Self::Date),
                "time" => Ok(Self::Time),
                "timestamp" => Ok(Self::Timestamp),
                "string" => Ok(Self::String),
                "binary" => Ok(Self::Binary),
                "object" => Ok(Self::Object),
                "array" => Ok(Self::Array),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for ColumnType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for ColumnType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///Character at the beginning of lines to skip; empty if there are no comments.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Comment(::std::string::String);
    impl ::std::ops::Deref for Comment {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Comment> for ::std::string::String {
        fn from(value: Comment) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Comment {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 1usize {
                return Err("longer than 1 characters".into());
            }
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^[\\x01-\\x09\\x0B\\x0C\\x0E-\\x7F]?$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err(
                    "doesn't match pattern \"^[\\x01-\\x09\\x0B\\x0C\\x0E-\\x7F]?$\""
                        .into(),
                );
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Comment {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Comment {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Comment {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`CommitJobRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CommitJobRequest {
        ///Kinds of changes to accept although the policy of the dataset refuses them, and `uninspected` for an object that cannot be read as it stands.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub accept: ::std::vec::Vec<Acceptance>,
        ///Whether to make a new version also if the object has the same bytes as the current version. By default not.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub force: ::std::option::Option<bool>,
        ///Version that must be the current one, null if there must be none. By default the one that was current when the job was created.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub replaces: ::std::option::Option<i64>,
    }
    impl CommitJobRequest {
        pub fn builder() -> builder::CommitJobRequest {
            Default::default()
        }
    }
    ///`CompleteUploadRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CompleteUploadRequest {
        ///Whether to commit the job as soon as it is inspected, where the policy of the dataset admits its changes. By default only where the policy has `auto_commit`, which is also what decides when the job is inspected again with other read options.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub commit: ::std::option::Option<bool>,
        ///The uploaded parts. By default, and where the list is empty, all parts that S3 holds.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub parts: ::std::vec::Vec<CompletedPart>,
        ///How to read the object. By default as the dataset's current version was read, where its caller stated that.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub read_options: ::std::option::Option<ReadOptions>,
    }
    impl CompleteUploadRequest {
        pub fn builder() -> builder::CompleteUploadRequest {
            Default::default()
        }
    }
    ///`CompletedPart`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CompletedPart {
        ///Entity tag from the response to the PUT, with or without quotes.
        pub etag: Etag,
        ///Number of the part, from 1.
        pub part_number: ::std::num::NonZeroU64,
    }
    impl CompletedPart {
        pub fn builder() -> builder::CompletedPart {
            Default::default()
        }
    }
    ///`Compression`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum Compression {
        #[serde(rename = "none")]
        None,
        #[serde(rename = "gzip")]
        Gzip,
        #[serde(rename = "zstd")]
        Zstd,
    }
    impl ::std::fmt::Display for Compression {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::None => f.write_str("none"),
                Self::Gzip => f.write_str("gzip"),
                Self::Zstd => f.write_str("zstd"),
            }
        }
    }
    impl ::std::str::FromStr for Compression {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "none" => Ok(Self::None),
                "gzip" => Ok(Self::Gzip),
                "zstd" => Ok(Self::Zstd),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for Compression {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Compression {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///MIME type to associate with the uploaded object.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct ContentType(::std::string::String);
    impl ::std::ops::Deref for ContentType {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<ContentType> for ::std::string::String {
        fn from(value: ContentType) -> Self {
            value.0
        }
    }
    impl ::std::default::Default for ContentType {
        fn default() -> Self {
            ContentType("application/octet-stream".to_string())
        }
    }
    impl ::std::str::FromStr for ContentType {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 255usize {
                return Err("longer than 255 characters".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for ContentType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for ContentType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ContentType {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`CreateTokenRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CreateTokenRequest {
        ///Datasets that the token is for. By default, all that its principal may use, or those of the caller's own token.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub datasets: ::std::option::Option<::std::vec::Vec<::uuid::Uuid>>,
        ///Lifetime of the token in seconds: one minute to one year, by default 90 days. It ends no later than that of the caller's own token, whatever is stated here.
        #[serde(default = "defaults::default_u64::<i64, 7776000>")]
        pub expires_in: i64,
        ///What the token is called, so that its owner knows what uses it.
        pub name: Name,
        ///Name of the principal that the token belongs to: by default the caller's own. Others are for administrators, with a token that is not restricted to datasets.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub principal: ::std::option::Option<Principal>,
        ///What the token may be used for: at most the scopes of the caller's own.
        pub scopes: ::std::vec::Vec<Scope>,
    }
    impl CreateTokenRequest {
        pub fn builder() -> builder::CreateTokenRequest {
            Default::default()
        }
    }
    ///`CreateTrustRuleRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CreateTrustRuleRequest {
        ///Branch that the CI job runs on, such as `main`. Tags and pull requests are no branches.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub branch: ::std::option::Option<Branch>,
        ///Environment of the CI job, whose protection rules the CI system enforces.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub environment: ::std::option::Option<Environment>,
        ///URL of the issuer, which the server must be configured for: `https://token.actions.githubusercontent.com` for GitHub.
        pub issuer: Issuer,
        ///Repository of the CI job, with its owner, exactly as the CI system writes it.
        pub repository: Repository,
        ///Number of the repository's owner (GitHub) or namespace (GitLab): another account that takes over the name of the owner has another number. By default that of the first CI job that gets a token by the rule.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub repository_owner_id: ::std::option::Option<RepositoryOwnerId>,
        ///File of the workflow: a file name, such as `publish.yml`, is one of the repository itself. A path is that of a reusable workflow, with its repository, and with `@` and the reference if that matters too.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub workflow: ::std::option::Option<Workflow>,
    }
    impl CreateTrustRuleRequest {
        pub fn builder() -> builder::CreateTrustRuleRequest {
            Default::default()
        }
    }
    ///`CreateWebhookRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CreateWebhookRequest {
        ///Types of events that are sent.
        pub types: ::std::vec::Vec<WebhookEventType>,
        ///URL that events are sent to by POST. It begins with `https://`, and its host has a public address.
        pub url: Url,
    }
    impl CreateWebhookRequest {
        pub fn builder() -> builder::CreateWebhookRequest {
            Default::default()
        }
    }
    ///`CreatedToken`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CreatedToken {
        ///The token itself, which is not shown again.
        pub secret: ::std::string::String,
        ///What the token is for.
        pub token: Token,
    }
    impl CreatedToken {
        pub fn builder() -> builder::CreatedToken {
            Default::default()
        }
    }
    ///`Dataset`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Dataset {
        ///Time of creation.
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Version that downloads of the dataset return; null until the first commit.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub current_version: ::std::option::Option<i64>,
        ///Identifier of the dataset.
        pub id: ::uuid::Uuid,
        ///Name of the dataset, unique among those of its owner.
        pub name: ::std::string::String,
        ///Name of the principal that owns the dataset. It is another one than the caller where the dataset was shared.
        pub owner: ::std::string::String,
        ///Which changes may be committed.
        pub policy: Policy,
        ///Time of the last change of the name, of the policy or of the current version.
        pub updated_at: ::chrono::DateTime<::chrono::offset::Utc>,
    }
    impl Dataset {
        pub fn builder() -> builder::Dataset {
            Default::default()
        }
    }
    ///`DatasetNameRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct DatasetNameRequest {
        ///Name of the dataset, unique among those of its owner: not a UUID, without control characters and invisible ones, and without blanks at the ends. It is kept in Unicode's normalization form C (NFC).
        pub name: Name,
    }
    impl DatasetNameRequest {
        pub fn builder() -> builder::DatasetNameRequest {
            Default::default()
        }
    }
    ///`DatasetResultsPage`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct DatasetResultsPage {
        ///list of items on this page of results
        pub items: ::std::vec::Vec<Dataset>,
        ///token used to fetch the next page of results (if any)
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub next_page: ::std::option::Option<::std::string::String>,
    }
    impl DatasetResultsPage {
        pub fn builder() -> builder::DatasetResultsPage {
            Default::default()
        }
    }
    ///Decimal mark of numbers: `.` or `,`.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Decimal(::std::string::String);
    impl ::std::ops::Deref for Decimal {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Decimal> for ::std::string::String {
        fn from(value: Decimal) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Decimal {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 1usize {
                return Err("longer than 1 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^[.,]$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err("doesn't match pattern \"^[.,]$\"".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Decimal {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Decimal {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Decimal {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///Character between the fields of delimited text: one ASCII character.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Delimiter(::std::string::String);
    impl ::std::ops::Deref for Delimiter {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Delimiter> for ::std::string::String {
        fn from(value: Delimiter) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Delimiter {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 1usize {
                return Err("longer than 1 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^[\\x01-\\x09\\x0B\\x0C\\x0E-\\x7F]$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err(
                    "doesn't match pattern \"^[\\x01-\\x09\\x0B\\x0C\\x0E-\\x7F]$\""
                        .into(),
                );
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Delimiter {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Delimiter {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Delimiter {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`Delivery`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Delivery {
        ///How often it was sent.
        pub attempts: i64,
        ///Time of the event.
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Time at which the receiver accepted it; null if it has not.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub delivered_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        ///Why the last attempt got no response, or why none is made; null otherwise.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error: ::std::option::Option<::std::string::String>,
        ///Number of the event.
        pub event_id: i64,
        ///Identifier of the delivery, which is in the `webhook-id` of the message.
        pub id: ::uuid::Uuid,
        ///Time of the next attempt; null if there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub next_attempt_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        ///Status of the last response; null if there was none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub response_status: ::std::option::Option<i64>,
        ///State of the delivery.
        pub status: DeliveryStatus,
        ///Type of the event.
        #[serde(rename = "type")]
        pub type_: ::std::string::String,
    }
    impl Delivery {
        pub fn builder() -> builder::Delivery {
            Default::default()
        }
    }
    ///`DeliveryResultsPage`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct DeliveryResultsPage {
        ///list of items on this page of results
        pub items: ::std::vec::Vec<Delivery>,
        ///token used to fetch the next page of results (if any)
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub next_page: ::std::option::Option<::std::string::String>,
    }
    impl DeliveryResultsPage {
        pub fn builder() -> builder::DeliveryResultsPage {
            Default::default()
        }
    }
    ///`DeliveryStatus`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum DeliveryStatus {
        #[serde(rename = "pending")]
        Pending,
        #[serde(rename = "delivered")]
        Delivered,
        #[serde(rename = "dead")]
        Dead,
    }
    impl ::std::fmt::Display for DeliveryStatus {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Pending => f.write_str("pending"),
                Self::Delivered => f.write_str("delivered"),
                Self::Dead => f.write_str("dead"),
            }
        }
    }
    impl ::std::str::FromStr for DeliveryStatus {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "pending" => Ok(Self::Pending),
                "delivered" => Ok(Self::Delivered),
                "dead" => Ok(Self::Dead),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for DeliveryStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for DeliveryStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`Difference`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct Difference {
        ///The number in the version that is compared with; null if it is not known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub from: ::std::option::Option<i64>,
        ///The number in the object; null if it is not known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub to: ::std::option::Option<i64>,
    }
    impl Difference {
        pub fn builder() -> builder::Difference {
            Default::default()
        }
    }
    ///`DistinctCount`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct DistinctCount {
        ///Relative standard error of the number: 0 if it is exact.
        pub error: f64,
        ///The number, without null.
        pub value: i64,
    }
    impl DistinctCount {
        pub fn builder() -> builder::DistinctCount {
            Default::default()
        }
    }
    ///`Download`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Download {
        ///Entity tag of the object, without quotes.
        pub etag: ::std::string::String,
        ///Time at which the URLs expire.
        pub expires_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Size of the file in bytes.
        pub file_size: i64,
        ///Original filename.
        pub filename: ::std::string::String,
        ///Presigned URL for HEAD, for readers that request the size before the content. Do not send a bearer token to it.
        pub head_url: ::std::string::String,
        ///Presigned URL for GET, with or without a range. Do not send a bearer token to it.
        pub url: ::std::string::String,
    }
    impl Download {
        pub fn builder() -> builder::Download {
            Default::default()
        }
    }
    ///Character encoding, by its name in the WHATWG Encoding Standard: `utf-8`, `utf-16le`, `windows-1252`, …
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Encoding(::std::string::String);
    impl ::std::ops::Deref for Encoding {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Encoding> for ::std::string::String {
        fn from(value: Encoding) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Encoding {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 40usize {
                return Err("longer than 40 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Encoding {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Encoding {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Encoding {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///Environment of the CI job, whose protection rules the CI system enforces.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Environment(::std::string::String);
    impl ::std::ops::Deref for Environment {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Environment> for ::std::string::String {
        fn from(value: Environment) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Environment {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 255usize {
                return Err("longer than 255 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^[^\\x00-\\x1f\\x7f]*$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err("doesn't match pattern \"^[^\\x00-\\x1f\\x7f]*$\"".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Environment {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Environment {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Environment {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///Character before a quote within a quoted field; empty if quotes are doubled instead.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Escape(::std::string::String);
    impl ::std::ops::Deref for Escape {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Escape> for ::std::string::String {
        fn from(value: Escape) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Escape {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 1usize {
                return Err("longer than 1 characters".into());
            }
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^[\\x01-\\x09\\x0B\\x0C\\x0E-\\x7F]?$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err(
                    "doesn't match pattern \"^[\\x01-\\x09\\x0B\\x0C\\x0E-\\x7F]?$\""
                        .into(),
                );
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Escape {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Escape {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Escape {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///Entity tag from the response to the PUT, with or without quotes.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Etag(::std::string::String);
    impl ::std::ops::Deref for Etag {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Etag> for ::std::string::String {
        fn from(value: Etag) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Etag {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 256usize {
                return Err("longer than 256 characters".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Etag {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Etag {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Etag {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`Event`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Event {
        ///Who did it; null where the server itself did.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub actor: ::std::option::Option<EventActor>,
        ///What was changed, as it is since, or what was tried; null where there is nothing.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub after: ::std::option::Option<
            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        >,
        ///What was changed, as it was before; null where there was nothing.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub before: ::std::option::Option<
            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        >,
        ///Dataset that it happened to; null for events of tokens and principals.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub dataset_id: ::std::option::Option<::uuid::Uuid>,
        ///Number of the event. In a stream, numbers ascend; some are missing. 0 for `stream.reset`.
        pub id: i64,
        ///Job that it happened to, or that led to the version; null if there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub job_id: ::std::option::Option<::uuid::Uuid>,
        ///Whether it was done.
        pub outcome: EventOutcome,
        ///Machine code of the error that refused it; null where it was done.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub reason: ::std::option::Option<::std::string::String>,
        ///Time of the event.
        pub time: ::chrono::DateTime<::chrono::offset::Utc>,
        ///What happened, for example `version.committed`. New types can be added; ignore those that you do not know.
        #[serde(rename = "type")]
        pub type_: ::std::string::String,
        ///Number of the version that it happened to; null if there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub version: ::std::option::Option<i64>,
    }
    impl Event {
        pub fn builder() -> builder::Event {
            Default::default()
        }
    }
    ///`EventActor`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct EventActor {
        ///Address of the client; null where it is not known, and in lists of a dataset or a job.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub address: ::std::option::Option<::std::string::String>,
        ///Name of the principal at that time; null for a CI job whose token was not exchanged, which acts for no principal.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub principal: ::std::option::Option<::std::string::String>,
        ///Identifier of the principal; null where there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub principal_id: ::std::option::Option<::uuid::Uuid>,
        ///Identifier of the request.
        pub request_id: ::std::string::String,
        ///Name of the token, or of the CI job; null if it has none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub token: ::std::option::Option<::std::string::String>,
        ///Identifier of the token; null where the server does not store it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub token_id: ::std::option::Option<::uuid::Uuid>,
    }
    impl EventActor {
        pub fn builder() -> builder::EventActor {
            Default::default()
        }
    }
    ///`EventOutcome`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum EventOutcome {
        #[serde(rename = "done")]
        Done,
        #[serde(rename = "refused")]
        Refused,
    }
    impl ::std::fmt::Display for EventOutcome {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Done => f.write_str("done"),
                Self::Refused => f.write_str("refused"),
            }
        }
    }
    impl ::std::str::FromStr for EventOutcome {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "done" => Ok(Self::Done),
                "refused" => Ok(Self::Refused),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for EventOutcome {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for EventOutcome {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`EventResultsPage`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct EventResultsPage {
        ///list of items on this page of results
        pub items: ::std::vec::Vec<Event>,
        ///token used to fetch the next page of results (if any)
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub next_page: ::std::option::Option<::std::string::String>,
    }
    impl EventResultsPage {
        pub fn builder() -> builder::EventResultsPage {
            Default::default()
        }
    }
    ///`ExchangeTokenRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct ExchangeTokenRequest {
        ///Identifier of the dataset.
        pub dataset_id: ::uuid::Uuid,
        ///OpenID Connect token of the CI job, for the audience of this server. It can be exchanged once.
        pub token: CiToken,
    }
    impl ExchangeTokenRequest {
        pub fn builder() -> builder::ExchangeTokenRequest {
            Default::default()
        }
    }
    ///`ExchangedToken`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct ExchangedToken {
        ///Dataset that it is for.
        pub dataset_id: ::uuid::Uuid,
        ///Time from which it is no longer valid.
        pub expires_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Name of the token: the CI job that it was issued to.
        pub name: ::std::string::String,
        ///What it may be used for.
        pub scopes: ::std::vec::Vec<Scope>,
        ///Bearer token, for the dataset alone.
        pub token: ::std::string::String,
    }
    impl ExchangedToken {
        pub fn builder() -> builder::ExchangedToken {
            Default::default()
        }
    }
    ///Original filename being uploaded. Used to determine the file extension and content disposition.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Filename(::std::string::String);
    impl ::std::ops::Deref for Filename {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Filename> for ::std::string::String {
        fn from(value: Filename) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Filename {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 255usize {
                return Err("longer than 255 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Filename {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Filename {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Filename {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`Finding`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Finding {
        ///Column that it concerns; null if it concerns the whole object.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub column: ::std::option::Option<::std::string::String>,
        ///How often it occurs; null where it is not counted.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub count: ::std::option::Option<i64>,
        ///Up to five values or places, as text. Empty for a token without the scope `read`.
        pub examples: ::std::vec::Vec<::std::string::String>,
        ///First line of the file that it concerns, from 1; null where it concerns no line.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub line: ::std::option::Option<i64>,
        ///What is found and what to do about it, for people.
        pub msg: ::std::string::String,
        ///How serious it is.
        pub severity: Severity,
        ///What to do; null if there is nothing to do.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub suggestion: ::std::option::Option<::std::string::String>,
        ///What is found.
        #[serde(rename = "type")]
        pub type_: FindingType,
    }
    impl Finding {
        pub fn builder() -> builder::Finding {
            Default::default()
        }
    }
    ///`FindingType`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum FindingType {
        #[serde(rename = "delimiter_detected")]
        DelimiterDetected,
        #[serde(rename = "encoding_detected")]
        EncodingDetected,
        #[serde(rename = "preamble_skipped")]
        PreambleSkipped,
        #[serde(rename = "header_looks_like_data")]
        HeaderLooksLikeData,
        #[serde(rename = "header_missing_names")]
        HeaderMissingNames,
        #[serde(rename = "duplicate_names")]
        DuplicateNames,
        #[serde(rename = "single_column")]
        SingleColumn,
        #[serde(rename = "ragged_rows")]
        RaggedRows,
        #[serde(rename = "text_after_quote")]
        TextAfterQuote,
        #[serde(rename = "quoted_line_breaks")]
        QuotedLineBreaks,
        #[serde(rename = "unclosed_quote")]
        UnclosedQuote,
        #[serde(rename = "invalid_encoding")]
        InvalidEncoding,
        #[serde(rename = "nul_bytes")]
        NulBytes,
        #[serde(rename = "null_markers")]
        NullMarkers,
        #[serde(rename = "mixed_types")]
        MixedTypes,
        #[serde(rename = "duplicate_keys")]
        DuplicateKeys,
        #[serde(rename = "invalid_number")]
        InvalidNumber,
        #[serde(rename = "invalid_json")]
        InvalidJson,
        #[serde(rename = "looks_like_json")]
        LooksLikeJson,
        #[serde(rename = "looks_like_pointer")]
        LooksLikePointer,
        #[serde(rename = "content_mismatch")]
        ContentMismatch,
        #[serde(rename = "damaged")]
        Damaged,
        #[serde(rename = "no_rows")]
        NoRows,
        #[serde(rename = "sample_incomplete")]
        SampleIncomplete,
        #[serde(rename = "unknown_nulls")]
        UnknownNulls,
        #[serde(rename = "unsupported_codec")]
        UnsupportedCodec,
        #[serde(rename = "inspection_bounded")]
        InspectionBounded,
    }
    impl ::std::fmt::Display for FindingType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::DelimiterDetected => f.write_str("delimiter_detected"),
                Self::EncodingDetected => f.write_str("encoding_detected"),
                Self::PreambleSkipped => f.write_str("preamble_skipped"),
                Self::HeaderLooksLikeData => f.write_str("header_looks_like_data"),
                Self::HeaderMissingNames => f.write_str("header_missing_names"),
                Self::DuplicateNames => f.write_str("duplicate_names"),
                Self::SingleColumn => f.write_str("single_column"),
                Self::RaggedRows => f.write_str("ragged_rows"),
                Self::TextAfterQuote => f.write_str("text_after_quote"),
                Self::QuotedLineBreaks => f.write_str("quoted_line_breaks"),
                Self::UnclosedQuote => f.write_str("unclosed_quote"),
                Self::InvalidEncoding => f.write_str("invalid_encoding"),
                Self::NulBytes => f.write_str("nul_bytes"),
                Self::NullMarkers => f.write_str("null_markers"),
                Self::MixedTypes => f.write_str("mixed_types"),
                Self::DuplicateKeys => f.write_str("duplicate_keys"),
                Self::InvalidNumber => f.write_str("invalid_number"),
                Self::InvalidJson => f.write_str("invalid_json"),
                Self::LooksLikeJson => f.write_str("looks_like_json"),
                Self::LooksLikePointer => f.write_str("looks_like_pointer"),
                Self::ContentMismatch => f.write_str("content_mismatch"),
                Self::Damaged => f.write_str("damaged"),
                Self::NoRows => f.write_str("no_rows"),
                Self::SampleIncomplete => f.write_str("sample_incomplete"),
                Self::UnknownNulls => f.write_str("unknown_nulls"),
                Self::UnsupportedCodec => f.write_str("unsupported_codec"),
                Self::InspectionBounded => f.write_str("inspection_bounded"),
            }
        }
    }
    impl ::std::str::FromStr for FindingType {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "delimiter_detected" => Ok(Self::DelimiterDetected),
                "encoding_detected" => Ok(Self::EncodingDetected),
                "preamble_skipped" => Ok(Self::PreambleSkipped),
                "header_looks_like_data" => Ok(Self::HeaderLooksLikeData),
                "header_missing_names" => Ok(Self::HeaderMissingNames),
                "duplicate_names" => Ok(Self::DuplicateNames),
                "single_column" => Ok(Self::SingleColumn),
                "ragged_rows" => Ok(Self::RaggedRows),
                "text_after_quote" => Ok(Self::TextAfterQuote),
                "quoted_line_breaks" => Ok(Self::QuotedLineBreaks),
                "unclosed_quote" => Ok(Self::UnclosedQuote),
                "invalid_encoding" => Ok(Self::InvalidEncoding),
                "nul_bytes" => Ok(Self::NulBytes),
                "null_markers" => Ok(Self::NullMarkers),
                "mixed_types" => Ok(Self::MixedTypes),
                "duplicate_keys" => Ok(Self::DuplicateKeys),
                "invalid_number" => Ok(Self::InvalidNumber),
                "invalid_json" => Ok(Self::InvalidJson),
                "looks_like_json" => Ok(Self::LooksLikeJson),
                "looks_like_pointer" => Ok(Self::LooksLikePointer),
                "content_mismatch" => Ok(Self::ContentMismatch),
                "damaged" => Ok(Self::Damaged),
                "no_rows" => Ok(Self::NoRows),
                "sample_incomplete" => Ok(Self::SampleIncomplete),
                "unknown_nulls" => Ok(Self::UnknownNulls),
                "unsupported_codec" => Ok(Self::UnsupportedCodec),
                "inspection_bounded" => Ok(Self::InspectionBounded),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for FindingType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for FindingType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`Format`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum Format {
        #[serde(rename = "csv")]
        Csv,
        #[serde(rename = "tsv")]
        Tsv,
        #[serde(rename = "ndjson")]
        Ndjson,
        #[serde(rename = "json")]
        Json,
        #[serde(rename = "parquet")]
        Parquet,
    }
    impl ::std::fmt::Display for Format {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Csv => f.write_str("csv"),
                Self::Tsv => f.write_str("tsv"),
                Self::Ndjson => f.write_str("ndjson"),
                Self::Json => f.write_str("json"),
                Self::Parquet => f.write_str("parquet"),
            }
        }
    }
    impl ::std::str::FromStr for Format {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "csv" => Ok(Self::Csv),
                "tsv" => Ok(Self::Tsv),
                "ndjson" => Ok(Self::Ndjson),
                "json" => Ok(Self::Json),
                "parquet" => Ok(Self::Parquet),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for Format {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Format {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`Grant`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Grant {
        ///Time at which the role was granted.
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Identifier of the dataset.
        pub dataset_id: ::uuid::Uuid,
        ///Name of the principal.
        pub principal: ::std::string::String,
        ///What the principal may do.
        pub role: Role,
    }
    impl Grant {
        pub fn builder() -> builder::Grant {
            Default::default()
        }
    }
    ///`GrantRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct GrantRequest {
        ///What the principal may do.
        pub role: Role,
    }
    impl GrantRequest {
        pub fn builder() -> builder::GrantRequest {
            Default::default()
        }
    }
    ///`GrantResultsPage`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct GrantResultsPage {
        ///list of items on this page of results
        pub items: ::std::vec::Vec<Grant>,
        ///token used to fetch the next page of results (if any)
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub next_page: ::std::option::Option<::std::string::String>,
    }
    impl GrantResultsPage {
        pub fn builder() -> builder::GrantResultsPage {
            Default::default()
        }
    }
    ///`Histogram`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Histogram {
        ///Number of values in each range.
        pub counts: ::std::vec::Vec<i64>,
        ///Whether the numbers are exact; otherwise they are scaled from a sample of the values.
        pub is_exact: bool,
        ///Lower end of the first range; times are seconds since 1970-01-01T00:00:00Z.
        pub start: f64,
        ///Width of each range.
        pub width: f64,
    }
    impl Histogram {
        pub fn builder() -> builder::Histogram {
            Default::default()
        }
    }
    ///`HttpValidationError`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct HttpValidationError {
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub detail: ::std::vec::Vec<ValidationError>,
    }
    impl HttpValidationError {
        pub fn builder() -> builder::HttpValidationError {
            Default::default()
        }
    }
    ///`IdempotencyKey`
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct IdempotencyKey(::std::string::String);
    impl ::std::ops::Deref for IdempotencyKey {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<IdempotencyKey> for ::std::string::String {
        fn from(value: IdempotencyKey) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for IdempotencyKey {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            {
                ::regress::Regex::new(
                        "^(\"([ !#-\\[\\]-~]|\\\\[\"\\\\]){1,255}\"|[!#$%&'*+.^_`|~0-9A-Za-z:/=-]{1,255})$",
                    )
                    .unwrap()
            });
            if PATTERN.find(value).is_none() {
                return Err(
                    "doesn't match pattern \"^(\"([ !#-\\[\\]-~]|\\\\[\"\\\\]){1,255}\"|[!#$%&'*+.^_`|~0-9A-Za-z:/=-]{1,255})$\""
                        .into(),
                );
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for IdempotencyKey {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for IdempotencyKey {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for IdempotencyKey {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`InspectJobRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct InspectJobRequest {
        ///How to read the object. What is not stated is detected anew.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub read_options: ::std::option::Option<ReadOptions>,
    }
    impl InspectJobRequest {
        pub fn builder() -> builder::InspectJobRequest {
            Default::default()
        }
    }
    ///URL of the issuer, which the server must be configured for: `https://token.actions.githubusercontent.com` for GitHub.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Issuer(::std::string::String);
    impl ::std::ops::Deref for Issuer {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Issuer> for ::std::string::String {
        fn from(value: Issuer) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Issuer {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 255usize {
                return Err("longer than 255 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^[^\\x00-\\x1f\\x7f]*$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err("doesn't match pattern \"^[^\\x00-\\x1f\\x7f]*$\"".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Issuer {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Issuer {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Issuer {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`Job`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Job {
        ///Current version of the dataset when the job was created; null if it had none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub base_version: ::std::option::Option<i64>,
        ///MIME type given in the request.
        pub content_type: ::std::string::String,
        ///Time of creation.
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Dataset whose data the job replaces.
        pub dataset_id: ::uuid::Uuid,
        ///Time at which the job expires, unless it is extended before.
        pub deadline: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Why the job failed or was rejected, why the last attempt to complete its upload was rejected, or why it was not committed automatically; null otherwise.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error: ::std::option::Option<JobError>,
        ///Size of the file in bytes.
        pub file_size: i64,
        ///Original filename.
        pub filename: ::std::string::String,
        ///Identifier of the job.
        pub id: ::uuid::Uuid,
        ///Size in bytes of each part but the last; null for a single-part upload.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub part_size: ::std::option::Option<i64>,
        ///The progress of the job.
        pub progress: JobProgress,
        ///State of the job. `awaiting_upload` waits for parts and for the request that completes the upload, `completing` and `inspecting` proceed without the client, `ready` can be committed, `rejected` can be inspected again with other read options; `committed`, `failed`, `cancelled` and `expired` are final.
        pub status: JobStatus,
        ///Version that the job became; null until it is committed.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub version: ::std::option::Option<i64>,
    }
    impl Job {
        pub fn builder() -> builder::Job {
            Default::default()
        }
    }
    ///`JobError`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct JobError {
        ///Values that the message mentions. Empty in lists.
        pub ctx: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        ///The reason, for people.
        pub msg: ::std::string::String,
        ///Machine code of the reason.
        #[serde(rename = "type")]
        pub type_: ::std::string::String,
    }
    impl JobError {
        pub fn builder() -> builder::JobError {
            Default::default()
        }
    }
    ///`JobPhase`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum JobPhase {
        #[serde(rename = "upload")]
        Upload,
        #[serde(rename = "complete")]
        Complete,
        #[serde(rename = "inspect")]
        Inspect,
        #[serde(rename = "done")]
        Done,
    }
    impl ::std::fmt::Display for JobPhase {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Upload => f.write_str("upload"),
                Self::Complete => f.write_str("complete"),
                Self::Inspect => f.write_str("inspect"),
                Self::Done => f.write_str("done"),
            }
        }
    }
    impl ::std::str::FromStr for JobPhase {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "upload" => Ok(Self::Upload),
                "complete" => Ok(Self::Complete),
                "inspect" => Ok(Self::Inspect),
                "done" => Ok(Self::Done),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for JobPhase {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for JobPhase {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`JobProgress`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct JobProgress {
        ///Bytes read by the inspection so far.
        pub bytes_done: i64,
        ///Size of the file in bytes.
        pub bytes_total: i64,
        ///What the job is doing.
        pub phase: JobPhase,
        ///Rows found so far; null for a format without rows.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub rows: ::std::option::Option<i64>,
    }
    impl JobProgress {
        pub fn builder() -> builder::JobProgress {
            Default::default()
        }
    }
    ///`JobResultsPage`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct JobResultsPage {
        ///list of items on this page of results
        pub items: ::std::vec::Vec<Job>,
        ///token used to fetch the next page of results (if any)
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub next_page: ::std::option::Option<::std::string::String>,
    }
    impl JobResultsPage {
        pub fn builder() -> builder::JobResultsPage {
            Default::default()
        }
    }
    ///`JobStatus`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum JobStatus {
        #[serde(rename = "awaiting_upload")]
        AwaitingUpload,
        #[serde(rename = "completing")]
        Completing,
        #[serde(rename = "inspecting")]
        Inspecting,
        #[serde(rename = "ready")]
        Ready,
        #[serde(rename = "rejected")]
        Rejected,
        #[serde(rename = "committed")]
        Committed,
        #[serde(rename = "failed")]
        Failed,
        #[serde(rename = "cancelled")]
        Cancelled,
        #[serde(rename = "expired")]
        Expired,
    }
    impl ::std::fmt::Display for JobStatus {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::AwaitingUpload => f.write_str("awaiting_upload"),
                Self::Completing => f.write_str("completing"),
                Self::Inspecting => f.write_str("inspecting"),
                Self::Ready => f.write_str("ready"),
                Self::Rejected => f.write_str("rejected"),
                Self::Committed => f.write_str("committed"),
                Self::Failed => f.write_str("failed"),
                Self::Cancelled => f.write_str("cancelled"),
                Self::Expired => f.write_str("expired"),
            }
        }
    }
    impl ::std::str::FromStr for JobStatus {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "awaiting_upload" => Ok(Self::AwaitingUpload),
                "completing" => Ok(Self::Completing),
                "inspecting" => Ok(Self::Inspecting),
                "ready" => Ok(Self::Ready),
                "rejected" => Ok(Self::Rejected),
                "committed" => Ok(Self::Committed),
                "failed" => Ok(Self::Failed),
                "cancelled" => Ok(Self::Cancelled),
                "expired" => Ok(Self::Expired),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for JobStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for JobStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`LastEventId`
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct LastEventId(::std::string::String);
    impl ::std::ops::Deref for LastEventId {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<LastEventId> for ::std::string::String {
        fn from(value: LastEventId) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for LastEventId {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^[0-9]{1,18}$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err("doesn't match pattern \"^[0-9]{1,18}$\"".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for LastEventId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for LastEventId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for LastEventId {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`LocationItem`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    #[serde(untagged)]
    pub enum LocationItem {
        String(::std::string::String),
        Integer(i64),
    }
    impl ::std::fmt::Display for LocationItem {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::String(x) => x.fmt(f),
                Self::Integer(x) => x.fmt(f),
            }
        }
    }
    impl ::std::convert::From<i64> for LocationItem {
        fn from(value: i64) -> Self {
            Self::Integer(value)
        }
    }
    ///Name of the dataset, unique among those of its owner: not a UUID, without control characters and invisible ones, and without blanks at the ends. It is kept in Unicode's normalization form C (NFC).
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Name(::std::string::String);
    impl ::std::ops::Deref for Name {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Name> for ::std::string::String {
        fn from(value: Name) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Name {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 255usize {
                return Err("longer than 255 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            {
                ::regress::Regex::new(
                        "^(?![0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$)(?!\\.{1,2}$)(?![ \\u00a0\\u1680\\u2000-\\u200a\\u200c\\u200d\\u202f\\u205f\\u3000])(?!.*[ \\u00a0\\u1680\\u2000-\\u200a\\u200c\\u200d\\u202f\\u205f\\u3000]$)[^\\x00-\\x1f\\x7f-\\x9f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0]*$",
                    )
                    .unwrap()
            });
            if PATTERN.find(value).is_none() {
                return Err(
                    "doesn't match pattern \"^(?![0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$)(?!\\.{1,2}$)(?![ \\u00a0\\u1680\\u2000-\\u200a\\u200c\\u200d\\u202f\\u205f\\u3000])(?!.*[ \\u00a0\\u1680\\u2000-\\u200a\\u200c\\u200d\\u202f\\u205f\\u3000]$)[^\\x00-\\x1f\\x7f-\\x9f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0]*$\""
                        .into(),
                );
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Name {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Name {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Name {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`NullValuesItem`
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct NullValuesItem(::std::string::String);
    impl ::std::ops::Deref for NullValuesItem {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<NullValuesItem> for ::std::string::String {
        fn from(value: NullValuesItem) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for NullValuesItem {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 100usize {
                return Err("longer than 100 characters".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for NullValuesItem {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for NullValuesItem {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for NullValuesItem {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`Part`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Part {
        ///Entity tag of the part in S3, without quotes.
        pub etag: ::std::string::String,
        ///Time at which S3 received the part.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub last_modified: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        ///Number of the part, from 1.
        pub part_number: i64,
        ///Size of the part in bytes.
        pub size: i64,
    }
    impl Part {
        pub fn builder() -> builder::Part {
            Default::default()
        }
    }
    ///`PartResultsPage`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PartResultsPage {
        ///list of items on this page of results
        pub items: ::std::vec::Vec<Part>,
        ///token used to fetch the next page of results (if any)
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub next_page: ::std::option::Option<::std::string::String>,
    }
    impl PartResultsPage {
        pub fn builder() -> builder::PartResultsPage {
            Default::default()
        }
    }
    ///`PartUrl`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PartUrl {
        ///Exact size of the body in bytes. It is signed: S3 returns 403 for any other.
        pub content_length: i64,
        ///Time at which the URL expires.
        pub expires_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Number of the part, from 1.
        pub part_number: i64,
        ///Presigned URL to PUT the part to, valid until the upload is completed or the URL expires. Do not send a bearer token to it.
        pub url: ::std::string::String,
    }
    impl PartUrl {
        pub fn builder() -> builder::PartUrl {
            Default::default()
        }
    }
    ///`PartUrls`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PartUrls {
        ///One URL for each requested part, in the order of the request.
        pub items: ::std::vec::Vec<PartUrl>,
    }
    impl PartUrls {
        pub fn builder() -> builder::PartUrls {
            Default::default()
        }
    }
    ///`PartUrlsRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PartUrlsRequest {
        ///Numbers of the parts, from 1, at most 1,000 in one request.
        pub part_numbers: ::std::vec::Vec<::std::num::NonZeroU64>,
    }
    impl PartUrlsRequest {
        pub fn builder() -> builder::PartUrlsRequest {
            Default::default()
        }
    }
    ///`Policy`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct Policy {
        ///Whether a job is committed as soon as it is inspected, where the policy admits its changes. By default not.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub auto_commit: ::std::option::Option<bool>,
        ///Columns that are new.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub column_added: ::std::option::Option<PolicyAction>,
        ///Columns that are missing.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub column_removed: ::std::option::Option<PolicyAction>,
        ///Columns that may have been renamed.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub column_renamed: ::std::option::Option<PolicyAction>,
        ///Another delimiter, quoting, encoding, header or decimal mark.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub dialect_changed: ::std::option::Option<PolicyAction>,
        ///Another format or compression.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub format_changed: ::std::option::Option<PolicyAction>,
        ///Largest share of the rows that may be lost without being refused as `rows_lost`, from 0 to 1.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub max_row_loss: ::std::option::Option<f64>,
        ///Null values in columns that had none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub nulls_appeared: ::std::option::Option<PolicyAction>,
        ///Another order of the columns.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub order_changed: ::std::option::Option<PolicyAction>,
        ///Fewer rows; admitted without a limit.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub rows_lost: ::std::option::Option<PolicyAction>,
        ///Types that changed, where values do not fit the schema.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub type_breaks: ::std::option::Option<PolicyAction>,
        ///Types that changed, where every value fits the schema.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub type_fits: ::std::option::Option<PolicyAction>,
    }
    impl Policy {
        pub fn builder() -> builder::Policy {
            Default::default()
        }
    }
    ///`PolicyAction`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum PolicyAction {
        #[serde(rename = "allow")]
        Allow,
        #[serde(rename = "refuse")]
        Refuse,
    }
    impl ::std::fmt::Display for PolicyAction {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Allow => f.write_str("allow"),
                Self::Refuse => f.write_str("refuse"),
            }
        }
    }
    impl ::std::str::FromStr for PolicyAction {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "allow" => Ok(Self::Allow),
                "refuse" => Ok(Self::Refuse),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for PolicyAction {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for PolicyAction {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`PresignedUploadRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PresignedUploadRequest {
        ///MIME type to associate with the uploaded object.
        #[serde(default = "defaults::presigned_upload_request_content_type")]
        pub content_type: ContentType,
        ///Total file size in bytes. Used to decide between single-part and multipart upload.
        pub file_size: ::std::num::NonZeroU64,
        ///Original filename being uploaded. Used to determine the file extension and content disposition.
        pub filename: Filename,
    }
    impl PresignedUploadRequest {
        pub fn builder() -> builder::PresignedUploadRequest {
            Default::default()
        }
    }
    ///`PresignedUploadResponse`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PresignedUploadResponse {
        ///Identifier of the ingestion job created for this upload.
        pub job_id: ::uuid::Uuid,
        ///Byte size of each part in a multipart upload.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub part_size: ::std::option::Option<i64>,
        ///Object key in the S3 bucket where the file will be stored.
        pub s3_key: ::std::string::String,
        ///S3 multipart upload ID, set only for multipart uploads.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub upload_id: ::std::option::Option<::std::string::String>,
        ///One presigned PUT URL per part. Single-element list for single-part uploads.
        pub urls: ::std::vec::Vec<::std::string::String>,
    }
    impl PresignedUploadResponse {
        pub fn builder() -> builder::PresignedUploadResponse {
            Default::default()
        }
    }
    ///`Preview`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Preview {
        ///Columns in the order of the file; empty where they are not known.
        pub columns: ::std::vec::Vec<Column>,
        ///How the object was read, with everything that was detected; null for a format without options.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub dialect: ::std::option::Option<ReadOptions>,
        ///What the inspection found, at most a hundred, most severe first.
        pub findings: ::std::vec::Vec<Finding>,
        ///Number of all findings, also of those that are not listed.
        pub findings_total: i64,
        ///Detected format: `csv`, `tsv`, `ndjson`, `json`, `parquet`; or the extension of a file of any other format, whose content is not inspected.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub format: ::std::option::Option<::std::string::String>,
        ///Job whose object was inspected.
        pub job_id: ::uuid::Uuid,
        ///Number of rows; null for a format without rows, and where it is not known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub row_count: ::std::option::Option<i64>,
        ///First rows, at most twenty, each with one value per column. Empty for a token without the scope `read`.
        pub sample: ::std::vec::Vec<::std::vec::Vec<::serde_json::Value>>,
        ///Difference from the dataset's current version at the time when the job was created.
        pub schema_diff: SchemaDiff,
    }
    impl Preview {
        pub fn builder() -> builder::Preview {
            Default::default()
        }
    }
    ///Name of the principal that the token belongs to: by default the caller's own. Others are for administrators, with a token that is not restricted to datasets.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Principal(::std::string::String);
    impl ::std::ops::Deref for Principal {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Principal> for ::std::string::String {
        fn from(value: Principal) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Principal {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 255usize {
                return Err("longer than 255 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Principal {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Principal {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Principal {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///Character around fields that contain the delimiter or line breaks; empty if there is no quoting.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Quote(::std::string::String);
    impl ::std::ops::Deref for Quote {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Quote> for ::std::string::String {
        fn from(value: Quote) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Quote {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 1usize {
                return Err("longer than 1 characters".into());
            }
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^[\\x01-\\x09\\x0B\\x0C\\x0E-\\x7F]?$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err(
                    "doesn't match pattern \"^[\\x01-\\x09\\x0B\\x0C\\x0E-\\x7F]?$\""
                        .into(),
                );
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Quote {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Quote {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Quote {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`ReadOptions`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct ReadOptions {
        ///Character at the beginning of lines to skip; empty if there are no comments.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub comment: ::std::option::Option<Comment>,
        ///Compression of text as a whole. By default that of the filename's last extension, `gz` or `zst`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub compression: ::std::option::Option<Compression>,
        ///Decimal mark of numbers: `.` or `,`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub decimal: ::std::option::Option<Decimal>,
        ///Character between the fields of delimited text: one ASCII character.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub delimiter: ::std::option::Option<Delimiter>,
        ///Character encoding, by its name in the WHATWG Encoding Standard: `utf-8`, `utf-16le`, `windows-1252`, …
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub encoding: ::std::option::Option<Encoding>,
        ///Character before a quote within a quoted field; empty if quotes are doubled instead.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub escape: ::std::option::Option<Escape>,
        ///Format of the object. By default that of the filename's extension.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub format: ::std::option::Option<Format>,
        ///Whether the first row contains the names of the columns.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub header: ::std::option::Option<bool>,
        ///False to publish the object as it is, without columns and without a row count.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub inspect: ::std::option::Option<bool>,
        ///Texts that mean null in addition to the empty field.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub null_values: ::std::option::Option<::std::vec::Vec<NullValuesItem>>,
        ///Character around fields that contain the delimiter or line breaks; empty if there is no quoting.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub quote: ::std::option::Option<Quote>,
        ///Lines to skip at the beginning, before the header.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub skip_lines: ::std::option::Option<i64>,
    }
    impl ReadOptions {
        pub fn builder() -> builder::ReadOptions {
            Default::default()
        }
    }
    ///Repository of the CI job, with its owner, exactly as the CI system writes it.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Repository(::std::string::String);
    impl ::std::ops::Deref for Repository {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Repository> for ::std::string::String {
        fn from(value: Repository) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Repository {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 255usize {
                return Err("longer than 255 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^[^\\x00-\\x1f\\x7f]*$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err("doesn't match pattern \"^[^\\x00-\\x1f\\x7f]*$\"".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Repository {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Repository {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Repository {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///Number of the repository's owner (GitHub) or namespace (GitLab): another account that takes over the name of the owner has another number. By default that of the first CI job that gets a token by the rule.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct RepositoryOwnerId(::std::string::String);
    impl ::std::ops::Deref for RepositoryOwnerId {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<RepositoryOwnerId> for ::std::string::String {
        fn from(value: RepositoryOwnerId) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for RepositoryOwnerId {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 64usize {
                return Err("longer than 64 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^[^\\x00-\\x1f\\x7f]*$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err("doesn't match pattern \"^[^\\x00-\\x1f\\x7f]*$\"".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for RepositoryOwnerId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for RepositoryOwnerId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for RepositoryOwnerId {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`RestoreVersionRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct RestoreVersionRequest {
        ///Version that must be the current one, null if there must be none. By default not checked.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub replaces: ::std::option::Option<i64>,
    }
    impl RestoreVersionRequest {
        pub fn builder() -> builder::RestoreVersionRequest {
            Default::default()
        }
    }
    ///`Role`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum Role {
        #[serde(rename = "reader")]
        Reader,
        #[serde(rename = "writer")]
        Writer,
        #[serde(rename = "owner")]
        Owner,
    }
    impl ::std::fmt::Display for Role {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Reader => f.write_str("reader"),
                Self::Writer => f.write_str("writer"),
                Self::Owner => f.write_str("owner"),
            }
        }
    }
    impl ::std::str::FromStr for Role {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "reader" => Ok(Self::Reader),
                "writer" => Ok(Self::Writer),
                "owner" => Ok(Self::Owner),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for Role {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Role {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`SchemaDiff`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct SchemaDiff {
        ///The changes, breaking ones first.
        pub changes: ::std::vec::Vec<Change>,
        ///Version that the object is compared with; null when the dataset had none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub current_version: ::std::option::Option<i64>,
        ///Size of the file in bytes.
        pub file_size: Difference,
        ///Number of rows.
        pub row_count: Difference,
        ///What the difference means for readers.
        pub verdict: Verdict,
    }
    impl SchemaDiff {
        pub fn builder() -> builder::SchemaDiff {
            Default::default()
        }
    }
    ///`Scope`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum Scope {
        #[serde(rename = "read")]
        Read,
        #[serde(rename = "upload")]
        Upload,
        #[serde(rename = "commit")]
        Commit,
        #[serde(rename = "delete")]
        Delete,
        #[serde(rename = "admin")]
        Admin,
    }
    impl ::std::fmt::Display for Scope {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Read => f.write_str("read"),
                Self::Upload => f.write_str("upload"),
                Self::Commit => f.write_str("commit"),
                Self::Delete => f.write_str("delete"),
                Self::Admin => f.write_str("admin"),
            }
        }
    }
    impl ::std::str::FromStr for Scope {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "read" => Ok(Self::Read),
                "upload" => Ok(Self::Upload),
                "commit" => Ok(Self::Commit),
                "delete" => Ok(Self::Delete),
                "admin" => Ok(Self::Admin),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for Scope {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Scope {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`Severity`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum Severity {
        #[serde(rename = "info")]
        Info,
        #[serde(rename = "warning")]
        Warning,
        #[serde(rename = "error")]
        Error,
    }
    impl ::std::fmt::Display for Severity {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Info => f.write_str("info"),
                Self::Warning => f.write_str("warning"),
                Self::Error => f.write_str("error"),
            }
        }
    }
    impl ::std::str::FromStr for Severity {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "info" => Ok(Self::Info),
                "warning" => Ok(Self::Warning),
                "error" => Ok(Self::Error),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for Severity {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Severity {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`Token`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Token {
        ///Time of creation.
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Identifier of the token that created it, with which it is revoked; null where no token of this server did.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_with: ::std::option::Option<::uuid::Uuid>,
        ///Datasets that the token is for; null for all that its principal may use.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub datasets: ::std::option::Option<::std::vec::Vec<::uuid::Uuid>>,
        ///Time from which the token is no longer valid; null where it is valid until it is revoked.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub expires_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///Identifier of the token.
        pub id: ::uuid::Uuid,
        ///Time of the last use, to within five minutes; null before the first one.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub last_used_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        ///What the token is called; empty in tokens of early releases.
        pub name: ::std::string::String,
        ///Name of the principal that the token belongs to.
        pub principal: ::std::string::String,
        ///Time at which the token was revoked; null where it was not.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub revoked_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///What the token may be used for.
        pub scopes: ::std::vec::Vec<Scope>,
    }
    impl Token {
        pub fn builder() -> builder::Token {
            Default::default()
        }
    }
    ///`TokenResultsPage`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct TokenResultsPage {
        ///list of items on this page of results
        pub items: ::std::vec::Vec<Token>,
        ///token used to fetch the next page of results (if any)
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub next_page: ::std::option::Option<::std::string::String>,
    }
    impl TokenResultsPage {
        pub fn builder() -> builder::TokenResultsPage {
            Default::default()
        }
    }
    ///`TopValue`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct TopValue {
        ///How often it occurs.
        pub count: i64,
        ///Whether the count is exact; otherwise it is at most the true number.
        pub is_exact: bool,
        ///The value, as in the sample.
        pub value: ::serde_json::Value,
    }
    impl TopValue {
        pub fn builder() -> builder::TopValue {
            Default::default()
        }
    }
    ///`TrustRule`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct TrustRule {
        ///Branch that the CI job runs on; null where it does not matter.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub branch: ::std::option::Option<::std::string::String>,
        ///Time of creation.
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Name of the principal that created the rule, which ends with the principal's role on the dataset; null for rules of early releases, which count as the owner's.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_by: ::std::option::Option<::std::string::String>,
        ///Environment of the CI job; null where it does not matter.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub environment: ::std::option::Option<::std::string::String>,
        ///Identifier of the rule.
        pub id: ::uuid::Uuid,
        ///URL of the issuer of the token.
        pub issuer: ::std::string::String,
        ///Time at which a CI job last got a token by the rule; null where none has.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub last_used_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        ///Repository of the CI job, such as `octo/weather`.
        pub repository: ::std::string::String,
        ///Number of the repository's owner, which a name that changes hands does not keep. Where the rule was created without one, it is null until a CI job first gets a token by the rule: from then on it is the number of that job.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub repository_owner_id: ::std::option::Option<::std::string::String>,
        ///File of the workflow; null where it does not matter.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub workflow: ::std::option::Option<::std::string::String>,
    }
    impl TrustRule {
        pub fn builder() -> builder::TrustRule {
            Default::default()
        }
    }
    ///`TrustRuleResultsPage`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct TrustRuleResultsPage {
        ///list of items on this page of results
        pub items: ::std::vec::Vec<TrustRule>,
        ///token used to fetch the next page of results (if any)
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub next_page: ::std::option::Option<::std::string::String>,
    }
    impl TrustRuleResultsPage {
        pub fn builder() -> builder::TrustRuleResultsPage {
            Default::default()
        }
    }
    ///`UpdateDatasetRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct UpdateDatasetRequest {
        ///New name, by the rules for names of new datasets.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<Name>,
        ///New policy, which replaces the whole of the old one.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub policy: ::std::option::Option<Policy>,
    }
    impl UpdateDatasetRequest {
        pub fn builder() -> builder::UpdateDatasetRequest {
            Default::default()
        }
    }
    ///`UploadResponse`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct UploadResponse {
        ///Identifier of the ingestion job.
        pub job_id: ::uuid::Uuid,
        ///Description of the state, for people.
        pub message: ::std::string::String,
        ///State of the job.
        pub status: JobStatus,
    }
    impl UploadResponse {
        pub fn builder() -> builder::UploadResponse {
            Default::default()
        }
    }
    ///URL that events are sent to by POST. It begins with `https://`, and its host has a public address.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Url(::std::string::String);
    impl ::std::ops::Deref for Url {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Url> for ::std::string::String {
        fn from(value: Url) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Url {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 2000usize {
                return Err("longer than 2000 characters".into());
            }
            if value.chars().count() < 9usize {
                return Err("shorter than 9 characters".into());
            }
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^https?://[^\\s\\x00-\\x1f\\x7f]+$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err(
                    "doesn't match pattern \"^https?://[^\\s\\x00-\\x1f\\x7f]+$\"".into(),
                );
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Url {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Url {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Url {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`ValidationError`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct ValidationError {
        #[serde(default, skip_serializing_if = "::serde_json::Map::is_empty")]
        pub ctx: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub input: ::std::option::Option<::serde_json::Value>,
        pub loc: ::std::vec::Vec<LocationItem>,
        pub msg: ::std::string::String,
        #[serde(rename = "type")]
        pub type_: ::std::string::String,
    }
    impl ValidationError {
        pub fn builder() -> builder::ValidationError {
            Default::default()
        }
    }
    ///`Verdict`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum Verdict {
        #[serde(rename = "identical")]
        Identical,
        #[serde(rename = "compatible")]
        Compatible,
        #[serde(rename = "breaking")]
        Breaking,
    }
    impl ::std::fmt::Display for Verdict {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Identical => f.write_str("identical"),
                Self::Compatible => f.write_str("compatible"),
                Self::Breaking => f.write_str("breaking"),
            }
        }
    }
    impl ::std::str::FromStr for Verdict {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "identical" => Ok(Self::Identical),
                "compatible" => Ok(Self::Compatible),
                "breaking" => Ok(Self::Breaking),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for Verdict {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Verdict {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`Version`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Version {
        ///Columns in the order of the file. Empty in lists, since a file can have thousands.
        pub columns: ::std::vec::Vec<Column>,
        ///Name of the principal that committed the version, or whose completed upload was committed automatically; null for versions of early releases.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub committed_by: ::std::option::Option<::std::string::String>,
        ///MIME type given in the request.
        pub content_type: ::std::string::String,
        ///Time of the commit.
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Dataset of the version.
        pub dataset_id: ::uuid::Uuid,
        ///How the object was read, with everything that was detected; null for a format without options. The options that its caller stated are remembered for the next job of the dataset.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub dialect: ::std::option::Option<ReadOptions>,
        ///Entity tag of the object, without quotes.
        pub etag: ::std::string::String,
        ///Size of the file in bytes.
        pub file_size: i64,
        ///Original filename.
        pub filename: ::std::string::String,
        ///Job that created the version.
        pub job_id: ::uuid::Uuid,
        ///Number of rows; null for a format without rows, and where it is not known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub row_count: ::std::option::Option<i64>,
        ///Number of the version, from 1.
        pub version: i64,
    }
    impl Version {
        pub fn builder() -> builder::Version {
            Default::default()
        }
    }
    ///`VersionResultsPage`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct VersionResultsPage {
        ///list of items on this page of results
        pub items: ::std::vec::Vec<Version>,
        ///token used to fetch the next page of results (if any)
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub next_page: ::std::option::Option<::std::string::String>,
    }
    impl VersionResultsPage {
        pub fn builder() -> builder::VersionResultsPage {
            Default::default()
        }
    }
    ///`Webhook`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Webhook {
        ///Time of creation.
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Name of the principal that created it, with whose role on the dataset it ends; null for webhooks of early releases, which count as the owner's.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_by: ::std::option::Option<::std::string::String>,
        ///Dataset whose events it receives.
        pub dataset_id: ::uuid::Uuid,
        ///Since when an operator has disabled it, so that it receives nothing; null if it is not disabled.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub disabled_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        ///Identifier of the webhook.
        pub id: ::uuid::Uuid,
        ///Types of events that it receives.
        pub types: ::std::vec::Vec<::std::string::String>,
        ///URL that events are sent to.
        pub url: ::std::string::String,
    }
    impl Webhook {
        pub fn builder() -> builder::Webhook {
            Default::default()
        }
    }
    ///`WebhookEventType`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum WebhookEventType {
        #[serde(rename = "job.ready")]
        JobReady,
        #[serde(rename = "job.rejected")]
        JobRejected,
        #[serde(rename = "job.failed")]
        JobFailed,
        #[serde(rename = "job.cancelled")]
        JobCancelled,
        #[serde(rename = "job.expired")]
        JobExpired,
        #[serde(rename = "version.committed")]
        VersionCommitted,
        #[serde(rename = "version.restored")]
        VersionRestored,
        #[serde(rename = "version.retired")]
        VersionRetired,
        #[serde(rename = "dataset.renamed")]
        DatasetRenamed,
        #[serde(rename = "dataset.policy_changed")]
        DatasetPolicyChanged,
        #[serde(rename = "dataset.deleted")]
        DatasetDeleted,
        #[serde(rename = "dataset.undeleted")]
        DatasetUndeleted,
    }
    impl ::std::fmt::Display for WebhookEventType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::JobReady => f.write_str("job.ready"),
                Self::JobRejected => f.write_str("job.rejected"),
                Self::JobFailed => f.write_str("job.failed"),
                Self::JobCancelled => f.write_str("job.cancelled"),
                Self::JobExpired => f.write_str("job.expired"),
                Self::VersionCommitted => f.write_str("version.committed"),
                Self::VersionRestored => f.write_str("version.restored"),
                Self::VersionRetired => f.write_str("version.retired"),
                Self::DatasetRenamed => f.write_str("dataset.renamed"),
                Self::DatasetPolicyChanged => f.write_str("dataset.policy_changed"),
                Self::DatasetDeleted => f.write_str("dataset.deleted"),
                Self::DatasetUndeleted => f.write_str("dataset.undeleted"),
            }
        }
    }
    impl ::std::str::FromStr for WebhookEventType {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "job.ready" => Ok(Self::JobReady),
                "job.rejected" => Ok(Self::JobRejected),
                "job.failed" => Ok(Self::JobFailed),
                "job.cancelled" => Ok(Self::JobCancelled),
                "job.expired" => Ok(Self::JobExpired),
                "version.committed" => Ok(Self::VersionCommitted),
                "version.restored" => Ok(Self::VersionRestored),
                "version.retired" => Ok(Self::VersionRetired),
                "dataset.renamed" => Ok(Self::DatasetRenamed),
                "dataset.policy_changed" => Ok(Self::DatasetPolicyChanged),
                "dataset.deleted" => Ok(Self::DatasetDeleted),
                "dataset.undeleted" => Ok(Self::DatasetUndeleted),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for WebhookEventType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for WebhookEventType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`WebhookResultsPage`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct WebhookResultsPage {
        ///list of items on this page of results
        pub items: ::std::vec::Vec<Webhook>,
        ///token used to fetch the next page of results (if any)
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub next_page: ::std::option::Option<::std::string::String>,
    }
    impl WebhookResultsPage {
        pub fn builder() -> builder::WebhookResultsPage {
            Default::default()
        }
    }
    ///`WebhookSecret`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct WebhookSecret {
        ///Secret by which the receiver verifies messages, as the libraries of Standard Webhooks take it.
        pub secret: ::std::string::String,
        ///The webhook.
        pub webhook: Webhook,
    }
    impl WebhookSecret {
        pub fn builder() -> builder::WebhookSecret {
            Default::default()
        }
    }
    ///File of the workflow: a file name, such as `publish.yml`, is one of the repository itself. A path is that of a reusable workflow, with its repository, and with `@` and the reference if that matters too.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Workflow(::std::string::String);
    impl ::std::ops::Deref for Workflow {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Workflow> for ::std::string::String {
        fn from(value: Workflow) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Workflow {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 512usize {
                return Err("longer than 512 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^[^\\x00-\\x1f\\x7f]*$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err("doesn't match pattern \"^[^\\x00-\\x1f\\x7f]*$\"".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Workflow {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Workflow {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Workflow {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    /// Types for composing complex structures.
    pub mod builder {
        #[derive(Clone, Debug)]
        pub struct Caller {
            datasets: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<::uuid::Uuid>>,
                ::std::string::String,
            >,
            expires_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            is_admin: ::std::result::Result<bool, ::std::string::String>,
            principal: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            scopes: ::std::result::Result<
                ::std::vec::Vec<super::Scope>,
                ::std::string::String,
            >,
            token_id: ::std::result::Result<
                ::std::option::Option<::uuid::Uuid>,
                ::std::string::String,
            >,
            token_name: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Caller {
            fn default() -> Self {
                Self {
                    datasets: Ok(Default::default()),
                    expires_at: Ok(Default::default()),
                    is_admin: Err("no value supplied for is_admin".to_string()),
                    principal: Err("no value supplied for principal".to_string()),
                    scopes: Err("no value supplied for scopes".to_string()),
                    token_id: Ok(Default::default()),
                    token_name: Err("no value supplied for token_name".to_string()),
                }
            }
        }
        impl Caller {
            pub fn datasets<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<::uuid::Uuid>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.datasets = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for datasets: {e}")
                    });
                self
            }
            pub fn expires_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.expires_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for expires_at: {e}")
                    });
                self
            }
            pub fn is_admin<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<bool>,
                T::Error: ::std::fmt::Display,
            {
                self.is_admin = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for is_admin: {e}")
                    });
                self
            }
            pub fn principal<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.principal = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for principal: {e}")
                    });
                self
            }
            pub fn scopes<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Scope>>,
                T::Error: ::std::fmt::Display,
            {
                self.scopes = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for scopes: {e}")
                    });
                self
            }
            pub fn token_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::uuid::Uuid>>,
                T::Error: ::std::fmt::Display,
            {
                self.token_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for token_id: {e}")
                    });
                self
            }
            pub fn token_name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.token_name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for token_name: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Caller> for super::Caller {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Caller,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    datasets: value.datasets?,
                    expires_at: value.expires_at?,
                    is_admin: value.is_admin?,
                    principal: value.principal?,
                    scopes: value.scopes?,
                    token_id: value.token_id?,
                    token_name: value.token_name?,
                })
            }
        }
        impl ::std::convert::From<super::Caller> for Caller {
            fn from(value: super::Caller) -> Self {
                Self {
                    datasets: Ok(value.datasets),
                    expires_at: Ok(value.expires_at),
                    is_admin: Ok(value.is_admin),
                    principal: Ok(value.principal),
                    scopes: Ok(value.scopes),
                    token_id: Ok(value.token_id),
                    token_name: Ok(value.token_name),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Change {
            breaking: ::std::result::Result<bool, ::std::string::String>,
            column: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            from: ::std::result::Result<
                ::std::option::Option<::serde_json::Value>,
                ::std::string::String,
            >,
            kind: ::std::result::Result<super::ChangeKind, ::std::string::String>,
            msg: ::std::result::Result<::std::string::String, ::std::string::String>,
            to: ::std::result::Result<
                ::std::option::Option<::serde_json::Value>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Change {
            fn default() -> Self {
                Self {
                    breaking: Err("no value supplied for breaking".to_string()),
                    column: Ok(Default::default()),
                    from: Ok(Default::default()),
                    kind: Err("no value supplied for kind".to_string()),
                    msg: Err("no value supplied for msg".to_string()),
                    to: Ok(Default::default()),
                }
            }
        }
        impl Change {
            pub fn breaking<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<bool>,
                T::Error: ::std::fmt::Display,
            {
                self.breaking = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for breaking: {e}")
                    });
                self
            }
            pub fn column<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.column = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for column: {e}")
                    });
                self
            }
            pub fn from<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::serde_json::Value>>,
                T::Error: ::std::fmt::Display,
            {
                self.from = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for from: {e}")
                    });
                self
            }
            pub fn kind<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::ChangeKind>,
                T::Error: ::std::fmt::Display,
            {
                self.kind = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for kind: {e}")
                    });
                self
            }
            pub fn msg<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.msg = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for msg: {e}")
                    });
                self
            }
            pub fn to<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::serde_json::Value>>,
                T::Error: ::std::fmt::Display,
            {
                self.to = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for to: {e}"));
                self
            }
        }
        impl ::std::convert::TryFrom<Change> for super::Change {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Change,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    breaking: value.breaking?,
                    column: value.column?,
                    from: value.from?,
                    kind: value.kind?,
                    msg: value.msg?,
                    to: value.to?,
                })
            }
        }
        impl ::std::convert::From<super::Change> for Change {
            fn from(value: super::Change) -> Self {
                Self {
                    breaking: Ok(value.breaking),
                    column: Ok(value.column),
                    from: Ok(value.from),
                    kind: Ok(value.kind),
                    msg: Ok(value.msg),
                    to: Ok(value.to),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Column {
            data_type: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            date_pattern: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            distinct: ::std::result::Result<
                ::std::option::Option<super::DistinctCount>,
                ::std::string::String,
            >,
            fields: ::std::result::Result<
                ::std::vec::Vec<super::Column>,
                ::std::string::String,
            >,
            histogram: ::std::result::Result<
                ::std::option::Option<super::Histogram>,
                ::std::string::String,
            >,
            max: ::std::result::Result<
                ::std::option::Option<::serde_json::Value>,
                ::std::string::String,
            >,
            max_length: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            mean: ::std::result::Result<
                ::std::option::Option<f64>,
                ::std::string::String,
            >,
            min: ::std::result::Result<
                ::std::option::Option<::serde_json::Value>,
                ::std::string::String,
            >,
            min_length: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            name: ::std::result::Result<::std::string::String, ::std::string::String>,
            nullable: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
            nulls: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            stddev: ::std::result::Result<
                ::std::option::Option<f64>,
                ::std::string::String,
            >,
            top: ::std::result::Result<
                ::std::vec::Vec<super::TopValue>,
                ::std::string::String,
            >,
            type_: ::std::result::Result<super::ColumnType, ::std::string::String>,
        }
        impl ::std::default::Default for Column {
            fn default() -> Self {
                Self {
                    data_type: Ok(Default::default()),
                    date_pattern: Ok(Default::default()),
                    distinct: Ok(Default::default()),
                    fields: Ok(Default::default()),
                    histogram: Ok(Default::default()),
                    max: Ok(Default::default()),
                    max_length: Ok(Default::default()),
                    mean: Ok(Default::default()),
                    min: Ok(Default::default()),
                    min_length: Ok(Default::default()),
                    name: Err("no value supplied for name".to_string()),
                    nullable: Ok(Default::default()),
                    nulls: Ok(Default::default()),
                    stddev: Ok(Default::default()),
                    top: Ok(Default::default()),
                    type_: Err("no value supplied for type_".to_string()),
                }
            }
        }
        impl Column {
            pub fn data_type<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.data_type = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for data_type: {e}")
                    });
                self
            }
            pub fn date_pattern<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.date_pattern = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for date_pattern: {e}")
                    });
                self
            }
            pub fn distinct<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::DistinctCount>>,
                T::Error: ::std::fmt::Display,
            {
                self.distinct = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for distinct: {e}")
                    });
                self
            }
            pub fn fields<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Column>>,
                T::Error: ::std::fmt::Display,
            {
                self.fields = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for fields: {e}")
                    });
                self
            }
            pub fn histogram<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Histogram>>,
                T::Error: ::std::fmt::Display,
            {
                self.histogram = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for histogram: {e}")
                    });
                self
            }
            pub fn max<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::serde_json::Value>>,
                T::Error: ::std::fmt::Display,
            {
                self.max = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for max: {e}")
                    });
                self
            }
            pub fn max_length<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.max_length = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for max_length: {e}")
                    });
                self
            }
            pub fn mean<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<f64>>,
                T::Error: ::std::fmt::Display,
            {
                self.mean = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for mean: {e}")
                    });
                self
            }
            pub fn min<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::serde_json::Value>>,
                T::Error: ::std::fmt::Display,
            {
                self.min = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for min: {e}")
                    });
                self
            }
            pub fn min_length<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.min_length = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for min_length: {e}")
                    });
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for name: {e}")
                    });
                self
            }
            pub fn nullable<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.nullable = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for nullable: {e}")
                    });
                self
            }
            pub fn nulls<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.nulls = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for nulls: {e}")
                    });
                self
            }
            pub fn stddev<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<f64>>,
                T::Error: ::std::fmt::Display,
            {
                self.stddev = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for stddev: {e}")
                    });
                self
            }
            pub fn top<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::TopValue>>,
                T::Error: ::std::fmt::Display,
            {
                self.top = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for top: {e}")
                    });
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::ColumnType>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Column> for super::Column {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Column,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    data_type: value.data_type?,
                    date_pattern: value.date_pattern?,
                    distinct: value.distinct?,
                    fields: value.fields?,
                    histogram: value.histogram?,
                    max: value.max?,
                    max_length: value.max_length?,
                    mean: value.mean?,
                    min: value.min?,
                    min_length: value.min_length?,
                    name: value.name?,
                    nullable: value.nullable?,
                    nulls: value.nulls?,
                    stddev: value.stddev?,
                    top: value.top?,
                    type_: value.type_?,
                })
            }
        }
        impl ::std::convert::From<super::Column> for Column {
            fn from(value: super::Column) -> Self {
                Self {
                    data_type: Ok(value.data_type),
                    date_pattern: Ok(value.date_pattern),
                    distinct: Ok(value.distinct),
                    fields: Ok(value.fields),
                    histogram: Ok(value.histogram),
                    max: Ok(value.max),
                    max_length: Ok(value.max_length),
                    mean: Ok(value.mean),
                    min: Ok(value.min),
                    min_length: Ok(value.min_length),
                    name: Ok(value.name),
                    nullable: Ok(value.nullable),
                    nulls: Ok(value.nulls),
                    stddev: Ok(value.stddev),
                    top: Ok(value.top),
                    type_: Ok(value.type_),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct CommitJobRequest {
            accept: ::std::result::Result<
                ::std::vec::Vec<super::Acceptance>,
                ::std::string::String,
            >,
            force: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
            replaces: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for CommitJobRequest {
            fn default() -> Self {
                Self {
                    accept: Ok(Default::default()),
                    force: Ok(Default::default()),
                    replaces: Ok(Default::default()),
                }
            }
        }
        impl CommitJobRequest {
            pub fn accept<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Acceptance>>,
                T::Error: ::std::fmt::Display,
            {
                self.accept = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for accept: {e}")
                    });
                self
            }
            pub fn force<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.force = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for force: {e}")
                    });
                self
            }
            pub fn replaces<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.replaces = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for replaces: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<CommitJobRequest> for super::CommitJobRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: CommitJobRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    accept: value.accept?,
                    force: value.force?,
                    replaces: value.replaces?,
                })
            }
        }
        impl ::std::convert::From<super::CommitJobRequest> for CommitJobRequest {
            fn from(value: super::CommitJobRequest) -> Self {
                Self {
                    accept: Ok(value.accept),
                    force: Ok(value.force),
                    replaces: Ok(value.replaces),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct CompleteUploadRequest {
            commit: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
            parts: ::std::result::Result<
                ::std::vec::Vec<super::CompletedPart>,
                ::std::string::String,
            >,
            read_options: ::std::result::Result<
                ::std::option::Option<super::ReadOptions>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for CompleteUploadRequest {
            fn default() -> Self {
                Self {
                    commit: Ok(Default::default()),
                    parts: Ok(Default::default()),
                    read_options: Ok(Default::default()),
                }
            }
        }
        impl CompleteUploadRequest {
            pub fn commit<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.commit = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for commit: {e}")
                    });
                self
            }
            pub fn parts<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::CompletedPart>>,
                T::Error: ::std::fmt::Display,
            {
                self.parts = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for parts: {e}")
                    });
                self
            }
            pub fn read_options<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::ReadOptions>>,
                T::Error: ::std::fmt::Display,
            {
                self.read_options = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for read_options: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<CompleteUploadRequest>
        for super::CompleteUploadRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: CompleteUploadRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    commit: value.commit?,
                    parts: value.parts?,
                    read_options: value.read_options?,
                })
            }
        }
        impl ::std::convert::From<super::CompleteUploadRequest>
        for CompleteUploadRequest {
            fn from(value: super::CompleteUploadRequest) -> Self {
                Self {
                    commit: Ok(value.commit),
                    parts: Ok(value.parts),
                    read_options: Ok(value.read_options),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct CompletedPart {
            etag: ::std::result::Result<super::Etag, ::std::string::String>,
            part_number: ::std::result::Result<
                ::std::num::NonZeroU64,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for CompletedPart {
            fn default() -> Self {
                Self {
                    etag: Err("no value supplied for etag".to_string()),
                    part_number: Err("no value supplied for part_number".to_string()),
                }
            }
        }
        impl CompletedPart {
            pub fn etag<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Etag>,
                T::Error: ::std::fmt::Display,
            {
                self.etag = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for etag: {e}")
                    });
                self
            }
            pub fn part_number<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::num::NonZeroU64>,
                T::Error: ::std::fmt::Display,
            {
                self.part_number = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for part_number: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<CompletedPart> for super::CompletedPart {
            type Error = super::error::ConversionError;
            fn try_from(
                value: CompletedPart,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    etag: value.etag?,
                    part_number: value.part_number?,
                })
            }
        }
        impl ::std::convert::From<super::CompletedPart> for CompletedPart {
            fn from(value: super::CompletedPart) -> Self {
                Self {
                    etag: Ok(value.etag),
                    part_number: Ok(value.part_number),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct CreateTokenRequest {
            datasets: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<::uuid::Uuid>>,
                ::std::string::String,
            >,
            expires_in: ::std::result::Result<i64, ::std::string::String>,
            name: ::std::result::Result<super::Name, ::std::string::String>,
            principal: ::std::result::Result<
                ::std::option::Option<super::Principal>,
                ::std::string::String,
            >,
            scopes: ::std::result::Result<
                ::std::vec::Vec<super::Scope>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for CreateTokenRequest {
            fn default() -> Self {
                Self {
                    datasets: Ok(Default::default()),
                    expires_in: Ok(super::defaults::default_u64::<i64, 7776000>()),
                    name: Err("no value supplied for name".to_string()),
                    principal: Ok(Default::default()),
                    scopes: Err("no value supplied for scopes".to_string()),
                }
            }
        }
        impl CreateTokenRequest {
            pub fn datasets<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<::uuid::Uuid>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.datasets = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for datasets: {e}")
                    });
                self
            }
            pub fn expires_in<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.expires_in = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for expires_in: {e}")
                    });
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Name>,
                T::Error: ::std::fmt::Display,
            {
                self.name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for name: {e}")
                    });
                self
            }
            pub fn principal<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Principal>>,
                T::Error: ::std::fmt::Display,
            {
                self.principal = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for principal: {e}")
                    });
                self
            }
            pub fn scopes<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Scope>>,
                T::Error: ::std::fmt::Display,
            {
                self.scopes = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for scopes: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<CreateTokenRequest> for super::CreateTokenRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: CreateTokenRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    datasets: value.datasets?,
                    expires_in: value.expires_in?,
                    name: value.name?,
                    principal: value.principal?,
                    scopes: value.scopes?,
                })
            }
        }
        impl ::std::convert::From<super::CreateTokenRequest> for CreateTokenRequest {
            fn from(value: super::CreateTokenRequest) -> Self {
                Self {
                    datasets: Ok(value.datasets),
                    expires_in: Ok(value.expires_in),
                    name: Ok(value.name),
                    principal: Ok(value.principal),
                    scopes: Ok(value.scopes),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct CreateTrustRuleRequest {
            branch: ::std::result::Result<
                ::std::option::Option<super::Branch>,
                ::std::string::String,
            >,
            environment: ::std::result::Result<
                ::std::option::Option<super::Environment>,
                ::std::string::String,
            >,
            issuer: ::std::result::Result<super::Issuer, ::std::string::String>,
            repository: ::std::result::Result<super::Repository, ::std::string::String>,
            repository_owner_id: ::std::result::Result<
                ::std::option::Option<super::RepositoryOwnerId>,
                ::std::string::String,
            >,
            workflow: ::std::result::Result<
                ::std::option::Option<super::Workflow>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for CreateTrustRuleRequest {
            fn default() -> Self {
                Self {
                    branch: Ok(Default::default()),
                    environment: Ok(Default::default()),
                    issuer: Err("no value supplied for issuer".to_string()),
                    repository: Err("no value supplied for repository".to_string()),
                    repository_owner_id: Ok(Default::default()),
                    workflow: Ok(Default::default()),
                }
            }
        }
        impl CreateTrustRuleRequest {
            pub fn branch<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Branch>>,
                T::Error: ::std::fmt::Display,
            {
                self.branch = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for branch: {e}")
                    });
                self
            }
            pub fn environment<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Environment>>,
                T::Error: ::std::fmt::Display,
            {
                self.environment = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for environment: {e}")
                    });
                self
            }
            pub fn issuer<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Issuer>,
                T::Error: ::std::fmt::Display,
            {
                self.issuer = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for issuer: {e}")
                    });
                self
            }
            pub fn repository<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Repository>,
                T::Error: ::std::fmt::Display,
            {
                self.repository = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for repository: {e}")
                    });
                self
            }
            pub fn repository_owner_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<super::RepositoryOwnerId>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.repository_owner_id = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for repository_owner_id: {e}"
                        )
                    });
                self
            }
            pub fn workflow<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Workflow>>,
                T::Error: ::std::fmt::Display,
            {
                self.workflow = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for workflow: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<CreateTrustRuleRequest>
        for super::CreateTrustRuleRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: CreateTrustRuleRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    branch: value.branch?,
                    environment: value.environment?,
                    issuer: value.issuer?,
                    repository: value.repository?,
                    repository_owner_id: value.repository_owner_id?,
                    workflow: value.workflow?,
                })
            }
        }
        impl ::std::convert::From<super::CreateTrustRuleRequest>
        for CreateTrustRuleRequest {
            fn from(value: super::CreateTrustRuleRequest) -> Self {
                Self {
                    branch: Ok(value.branch),
                    environment: Ok(value.environment),
                    issuer: Ok(value.issuer),
                    repository: Ok(value.repository),
                    repository_owner_id: Ok(value.repository_owner_id),
                    workflow: Ok(value.workflow),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct CreateWebhookRequest {
            types: ::std::result::Result<
                ::std::vec::Vec<super::WebhookEventType>,
                ::std::string::String,
            >,
            url: ::std::result::Result<super::Url, ::std::string::String>,
        }
        impl ::std::default::Default for CreateWebhookRequest {
            fn default() -> Self {
                Self {
                    types: Err("no value supplied for types".to_string()),
                    url: Err("no value supplied for url".to_string()),
                }
            }
        }
        impl CreateWebhookRequest {
            pub fn types<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::WebhookEventType>>,
                T::Error: ::std::fmt::Display,
            {
                self.types = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for types: {e}")
                    });
                self
            }
            pub fn url<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Url>,
                T::Error: ::std::fmt::Display,
            {
                self.url = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for url: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<CreateWebhookRequest>
        for super::CreateWebhookRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: CreateWebhookRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    types: value.types?,
                    url: value.url?,
                })
            }
        }
        impl ::std::convert::From<super::CreateWebhookRequest> for CreateWebhookRequest {
            fn from(value: super::CreateWebhookRequest) -> Self {
                Self {
                    types: Ok(value.types),
                    url: Ok(value.url),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct CreatedToken {
            secret: ::std::result::Result<::std::string::String, ::std::string::String>,
            token: ::std::result::Result<super::Token, ::std::string::String>,
        }
        impl ::std::default::Default for CreatedToken {
            fn default() -> Self {
                Self {
                    secret: Err("no value supplied for secret".to_string()),
                    token: Err("no value supplied for token".to_string()),
                }
            }
        }
        impl CreatedToken {
            pub fn secret<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.secret = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for secret: {e}")
                    });
                self
            }
            pub fn token<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Token>,
                T::Error: ::std::fmt::Display,
            {
                self.token = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for token: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<CreatedToken> for super::CreatedToken {
            type Error = super::error::ConversionError;
            fn try_from(
                value: CreatedToken,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    secret: value.secret?,
                    token: value.token?,
                })
            }
        }
        impl ::std::convert::From<super::CreatedToken> for CreatedToken {
            fn from(value: super::CreatedToken) -> Self {
                Self {
                    secret: Ok(value.secret),
                    token: Ok(value.token),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Dataset {
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            current_version: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            name: ::std::result::Result<::std::string::String, ::std::string::String>,
            owner: ::std::result::Result<::std::string::String, ::std::string::String>,
            policy: ::std::result::Result<super::Policy, ::std::string::String>,
            updated_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Dataset {
            fn default() -> Self {
                Self {
                    created_at: Err("no value supplied for created_at".to_string()),
                    current_version: Ok(Default::default()),
                    id: Err("no value supplied for id".to_string()),
                    name: Err("no value supplied for name".to_string()),
                    owner: Err("no value supplied for owner".to_string()),
                    policy: Err("no value supplied for policy".to_string()),
                    updated_at: Err("no value supplied for updated_at".to_string()),
                }
            }
        }
        impl Dataset {
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn current_version<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.current_version = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for current_version: {e}"
                        )
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for name: {e}")
                    });
                self
            }
            pub fn owner<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.owner = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for owner: {e}")
                    });
                self
            }
            pub fn policy<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Policy>,
                T::Error: ::std::fmt::Display,
            {
                self.policy = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for policy: {e}")
                    });
                self
            }
            pub fn updated_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.updated_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for updated_at: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Dataset> for super::Dataset {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Dataset,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    created_at: value.created_at?,
                    current_version: value.current_version?,
                    id: value.id?,
                    name: value.name?,
                    owner: value.owner?,
                    policy: value.policy?,
                    updated_at: value.updated_at?,
                })
            }
        }
        impl ::std::convert::From<super::Dataset> for Dataset {
            fn from(value: super::Dataset) -> Self {
                Self {
                    created_at: Ok(value.created_at),
                    current_version: Ok(value.current_version),
                    id: Ok(value.id),
                    name: Ok(value.name),
                    owner: Ok(value.owner),
                    policy: Ok(value.policy),
                    updated_at: Ok(value.updated_at),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct DatasetNameRequest {
            name: ::std::result::Result<super::Name, ::std::string::String>,
        }
        impl ::std::default::Default for DatasetNameRequest {
            fn default() -> Self {
                Self {
                    name: Err("no value supplied for name".to_string()),
                }
            }
        }
        impl DatasetNameRequest {
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Name>,
                T::Error: ::std::fmt::Display,
            {
                self.name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for name: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<DatasetNameRequest> for super::DatasetNameRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: DatasetNameRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { name: value.name? })
            }
        }
        impl ::std::convert::From<super::DatasetNameRequest> for DatasetNameRequest {
            fn from(value: super::DatasetNameRequest) -> Self {
                Self { name: Ok(value.name) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct DatasetResultsPage {
            items: ::std::result::Result<
                ::std::vec::Vec<super::Dataset>,
                ::std::string::String,
            >,
            next_page: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for DatasetResultsPage {
            fn default() -> Self {
                Self {
                    items: Err("no value supplied for items".to_string()),
                    next_page: Ok(Default::default()),
                }
            }
        }
        impl DatasetResultsPage {
            pub fn items<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Dataset>>,
                T::Error: ::std::fmt::Display,
            {
                self.items = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for items: {e}")
                    });
                self
            }
            pub fn next_page<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.next_page = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for next_page: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<DatasetResultsPage> for super::DatasetResultsPage {
            type Error = super::error::ConversionError;
            fn try_from(
                value: DatasetResultsPage,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    items: value.items?,
                    next_page: value.next_page?,
                })
            }
        }
        impl ::std::convert::From<super::DatasetResultsPage> for DatasetResultsPage {
            fn from(value: super::DatasetResultsPage) -> Self {
                Self {
                    items: Ok(value.items),
                    next_page: Ok(value.next_page),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Delivery {
            attempts: ::std::result::Result<i64, ::std::string::String>,
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            delivered_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            error: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            event_id: ::std::result::Result<i64, ::std::string::String>,
            id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            next_attempt_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            response_status: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            status: ::std::result::Result<super::DeliveryStatus, ::std::string::String>,
            type_: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for Delivery {
            fn default() -> Self {
                Self {
                    attempts: Err("no value supplied for attempts".to_string()),
                    created_at: Err("no value supplied for created_at".to_string()),
                    delivered_at: Ok(Default::default()),
                    error: Ok(Default::default()),
                    event_id: Err("no value supplied for event_id".to_string()),
                    id: Err("no value supplied for id".to_string()),
                    next_attempt_at: Ok(Default::default()),
                    response_status: Ok(Default::default()),
                    status: Err("no value supplied for status".to_string()),
                    type_: Err("no value supplied for type_".to_string()),
                }
            }
        }
        impl Delivery {
            pub fn attempts<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.attempts = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for attempts: {e}")
                    });
                self
            }
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn delivered_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.delivered_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for delivered_at: {e}")
                    });
                self
            }
            pub fn error<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.error = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for error: {e}")
                    });
                self
            }
            pub fn event_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.event_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for event_id: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn next_attempt_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.next_attempt_at = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for next_attempt_at: {e}"
                        )
                    });
                self
            }
            pub fn response_status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.response_status = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for response_status: {e}"
                        )
                    });
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::DeliveryStatus>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Delivery> for super::Delivery {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Delivery,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    attempts: value.attempts?,
                    created_at: value.created_at?,
                    delivered_at: value.delivered_at?,
                    error: value.error?,
                    event_id: value.event_id?,
                    id: value.id?,
                    next_attempt_at: value.next_attempt_at?,
                    response_status: value.response_status?,
                    status: value.status?,
                    type_: value.type_?,
                })
            }
        }
        impl ::std::convert::From<super::Delivery> for Delivery {
            fn from(value: super::Delivery) -> Self {
                Self {
                    attempts: Ok(value.attempts),
                    created_at: Ok(value.created_at),
                    delivered_at: Ok(value.delivered_at),
                    error: Ok(value.error),
                    event_id: Ok(value.event_id),
                    id: Ok(value.id),
                    next_attempt_at: Ok(value.next_attempt_at),
                    response_status: Ok(value.response_status),
                    status: Ok(value.status),
                    type_: Ok(value.type_),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct DeliveryResultsPage {
            items: ::std::result::Result<
                ::std::vec::Vec<super::Delivery>,
                ::std::string::String,
            >,
            next_page: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for DeliveryResultsPage {
            fn default() -> Self {
                Self {
                    items: Err("no value supplied for items".to_string()),
                    next_page: Ok(Default::default()),
                }
            }
        }
        impl DeliveryResultsPage {
            pub fn items<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Delivery>>,
                T::Error: ::std::fmt::Display,
            {
                self.items = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for items: {e}")
                    });
                self
            }
            pub fn next_page<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.next_page = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for next_page: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<DeliveryResultsPage>
        for super::DeliveryResultsPage {
            type Error = super::error::ConversionError;
            fn try_from(
                value: DeliveryResultsPage,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    items: value.items?,
                    next_page: value.next_page?,
                })
            }
        }
        impl ::std::convert::From<super::DeliveryResultsPage> for DeliveryResultsPage {
            fn from(value: super::DeliveryResultsPage) -> Self {
                Self {
                    items: Ok(value.items),
                    next_page: Ok(value.next_page),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Difference {
            from: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            to: ::std::result::Result<::std::option::Option<i64>, ::std::string::String>,
        }
        impl ::std::default::Default for Difference {
            fn default() -> Self {
                Self {
                    from: Ok(Default::default()),
                    to: Ok(Default::default()),
                }
            }
        }
        impl Difference {
            pub fn from<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.from = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for from: {e}")
                    });
                self
            }
            pub fn to<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.to = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for to: {e}"));
                self
            }
        }
        impl ::std::convert::TryFrom<Difference> for super::Difference {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Difference,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    from: value.from?,
                    to: value.to?,
                })
            }
        }
        impl ::std::convert::From<super::Difference> for Difference {
            fn from(value: super::Difference) -> Self {
                Self {
                    from: Ok(value.from),
                    to: Ok(value.to),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct DistinctCount {
            error: ::std::result::Result<f64, ::std::string::String>,
            value: ::std::result::Result<i64, ::std::string::String>,
        }
        impl ::std::default::Default for DistinctCount {
            fn default() -> Self {
                Self {
                    error: Err("no value supplied for error".to_string()),
                    value: Err("no value supplied for value".to_string()),
                }
            }
        }
        impl DistinctCount {
            pub fn error<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<f64>,
                T::Error: ::std::fmt::Display,
            {
                self.error = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for error: {e}")
                    });
                self
            }
            pub fn value<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.value = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for value: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<DistinctCount> for super::DistinctCount {
            type Error = super::error::ConversionError;
            fn try_from(
                value: DistinctCount,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    error: value.error?,
                    value: value.value?,
                })
            }
        }
        impl ::std::convert::From<super::DistinctCount> for DistinctCount {
            fn from(value: super::DistinctCount) -> Self {
                Self {
                    error: Ok(value.error),
                    value: Ok(value.value),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Download {
            etag: ::std::result::Result<::std::string::String, ::std::string::String>,
            expires_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            file_size: ::std::result::Result<i64, ::std::string::String>,
            filename: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            head_url: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            url: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for Download {
            fn default() -> Self {
                Self {
                    etag: Err("no value supplied for etag".to_string()),
                    expires_at: Err("no value supplied for expires_at".to_string()),
                    file_size: Err("no value supplied for file_size".to_string()),
                    filename: Err("no value supplied for filename".to_string()),
                    head_url: Err("no value supplied for head_url".to_string()),
                    url: Err("no value supplied for url".to_string()),
                }
            }
        }
        impl Download {
            pub fn etag<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.etag = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for etag: {e}")
                    });
                self
            }
            pub fn expires_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.expires_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for expires_at: {e}")
                    });
                self
            }
            pub fn file_size<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.file_size = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for file_size: {e}")
                    });
                self
            }
            pub fn filename<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.filename = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for filename: {e}")
                    });
                self
            }
            pub fn head_url<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.head_url = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for head_url: {e}")
                    });
                self
            }
            pub fn url<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.url = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for url: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Download> for super::Download {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Download,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    etag: value.etag?,
                    expires_at: value.expires_at?,
                    file_size: value.file_size?,
                    filename: value.filename?,
                    head_url: value.head_url?,
                    url: value.url?,
                })
            }
        }
        impl ::std::convert::From<super::Download> for Download {
            fn from(value: super::Download) -> Self {
                Self {
                    etag: Ok(value.etag),
                    expires_at: Ok(value.expires_at),
                    file_size: Ok(value.file_size),
                    filename: Ok(value.filename),
                    head_url: Ok(value.head_url),
                    url: Ok(value.url),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Event {
            actor: ::std::result::Result<
                ::std::option::Option<super::EventActor>,
                ::std::string::String,
            >,
            after: ::std::result::Result<
                ::std::option::Option<
                    ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                >,
                ::std::string::String,
            >,
            before: ::std::result::Result<
                ::std::option::Option<
                    ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                >,
                ::std::string::String,
            >,
            dataset_id: ::std::result::Result<
                ::std::option::Option<::uuid::Uuid>,
                ::std::string::String,
            >,
            id: ::std::result::Result<i64, ::std::string::String>,
            job_id: ::std::result::Result<
                ::std::option::Option<::uuid::Uuid>,
                ::std::string::String,
            >,
            outcome: ::std::result::Result<super::EventOutcome, ::std::string::String>,
            reason: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            time: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            type_: ::std::result::Result<::std::string::String, ::std::string::String>,
            version: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Event {
            fn default() -> Self {
                Self {
                    actor: Ok(Default::default()),
                    after: Ok(Default::default()),
                    before: Ok(Default::default()),
                    dataset_id: Ok(Default::default()),
                    id: Err("no value supplied for id".to_string()),
                    job_id: Ok(Default::default()),
                    outcome: Err("no value supplied for outcome".to_string()),
                    reason: Ok(Default::default()),
                    time: Err("no value supplied for time".to_string()),
                    type_: Err("no value supplied for type_".to_string()),
                    version: Ok(Default::default()),
                }
            }
        }
        impl Event {
            pub fn actor<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::EventActor>>,
                T::Error: ::std::fmt::Display,
            {
                self.actor = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for actor: {e}")
                    });
                self
            }
            pub fn after<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<
                        ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                    >,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.after = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for after: {e}")
                    });
                self
            }
            pub fn before<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<
                        ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                    >,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.before = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for before: {e}")
                    });
                self
            }
            pub fn dataset_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::uuid::Uuid>>,
                T::Error: ::std::fmt::Display,
            {
                self.dataset_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for dataset_id: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn job_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::uuid::Uuid>>,
                T::Error: ::std::fmt::Display,
            {
                self.job_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for job_id: {e}")
                    });
                self
            }
            pub fn outcome<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::EventOutcome>,
                T::Error: ::std::fmt::Display,
            {
                self.outcome = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for outcome: {e}")
                    });
                self
            }
            pub fn reason<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.reason = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for reason: {e}")
                    });
                self
            }
            pub fn time<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.time = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for time: {e}")
                    });
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
            pub fn version<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.version = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for version: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Event> for super::Event {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Event,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    actor: value.actor?,
                    after: value.after?,
                    before: value.before?,
                    dataset_id: value.dataset_id?,
                    id: value.id?,
                    job_id: value.job_id?,
                    outcome: value.outcome?,
                    reason: value.reason?,
                    time: value.time?,
                    type_: value.type_?,
                    version: value.version?,
                })
            }
        }
        impl ::std::convert::From<super::Event> for Event {
            fn from(value: super::Event) -> Self {
                Self {
                    actor: Ok(value.actor),
                    after: Ok(value.after),
                    before: Ok(value.before),
                    dataset_id: Ok(value.dataset_id),
                    id: Ok(value.id),
                    job_id: Ok(value.job_id),
                    outcome: Ok(value.outcome),
                    reason: Ok(value.reason),
                    time: Ok(value.time),
                    type_: Ok(value.type_),
                    version: Ok(value.version),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct EventActor {
            address: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            principal: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            principal_id: ::std::result::Result<
                ::std::option::Option<::uuid::Uuid>,
                ::std::string::String,
            >,
            request_id: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            token: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            token_id: ::std::result::Result<
                ::std::option::Option<::uuid::Uuid>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for EventActor {
            fn default() -> Self {
                Self {
                    address: Ok(Default::default()),
                    principal: Ok(Default::default()),
                    principal_id: Ok(Default::default()),
                    request_id: Err("no value supplied for request_id".to_string()),
                    token: Ok(Default::default()),
                    token_id: Ok(Default::default()),
                }
            }
        }
        impl EventActor {
            pub fn address<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.address = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for address: {e}")
                    });
                self
            }
            pub fn principal<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.principal = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for principal: {e}")
                    });
                self
            }
            pub fn principal_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::uuid::Uuid>>,
                T::Error: ::std::fmt::Display,
            {
                self.principal_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for principal_id: {e}")
                    });
                self
            }
            pub fn request_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.request_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for request_id: {e}")
                    });
                self
            }
            pub fn token<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.token = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for token: {e}")
                    });
                self
            }
            pub fn token_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::uuid::Uuid>>,
                T::Error: ::std::fmt::Display,
            {
                self.token_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for token_id: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<EventActor> for super::EventActor {
            type Error = super::error::ConversionError;
            fn try_from(
                value: EventActor,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    address: value.address?,
                    principal: value.principal?,
                    principal_id: value.principal_id?,
                    request_id: value.request_id?,
                    token: value.token?,
                    token_id: value.token_id?,
                })
            }
        }
        impl ::std::convert::From<super::EventActor> for EventActor {
            fn from(value: super::EventActor) -> Self {
                Self {
                    address: Ok(value.address),
                    principal: Ok(value.principal),
                    principal_id: Ok(value.principal_id),
                    request_id: Ok(value.request_id),
                    token: Ok(value.token),
                    token_id: Ok(value.token_id),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct EventResultsPage {
            items: ::std::result::Result<
                ::std::vec::Vec<super::Event>,
                ::std::string::String,
            >,
            next_page: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for EventResultsPage {
            fn default() -> Self {
                Self {
                    items: Err("no value supplied for items".to_string()),
                    next_page: Ok(Default::default()),
                }
            }
        }
        impl EventResultsPage {
            pub fn items<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Event>>,
                T::Error: ::std::fmt::Display,
            {
                self.items = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for items: {e}")
                    });
                self
            }
            pub fn next_page<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.next_page = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for next_page: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<EventResultsPage> for super::EventResultsPage {
            type Error = super::error::ConversionError;
            fn try_from(
                value: EventResultsPage,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    items: value.items?,
                    next_page: value.next_page?,
                })
            }
        }
        impl ::std::convert::From<super::EventResultsPage> for EventResultsPage {
            fn from(value: super::EventResultsPage) -> Self {
                Self {
                    items: Ok(value.items),
                    next_page: Ok(value.next_page),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ExchangeTokenRequest {
            dataset_id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            token: ::std::result::Result<super::CiToken, ::std::string::String>,
        }
        impl ::std::default::Default for ExchangeTokenRequest {
            fn default() -> Self {
                Self {
                    dataset_id: Err("no value supplied for dataset_id".to_string()),
                    token: Err("no value supplied for token".to_string()),
                }
            }
        }
        impl ExchangeTokenRequest {
            pub fn dataset_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.dataset_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for dataset_id: {e}")
                    });
                self
            }
            pub fn token<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::CiToken>,
                T::Error: ::std::fmt::Display,
            {
                self.token = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for token: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ExchangeTokenRequest>
        for super::ExchangeTokenRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ExchangeTokenRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    dataset_id: value.dataset_id?,
                    token: value.token?,
                })
            }
        }
        impl ::std::convert::From<super::ExchangeTokenRequest> for ExchangeTokenRequest {
            fn from(value: super::ExchangeTokenRequest) -> Self {
                Self {
                    dataset_id: Ok(value.dataset_id),
                    token: Ok(value.token),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ExchangedToken {
            dataset_id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            expires_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            name: ::std::result::Result<::std::string::String, ::std::string::String>,
            scopes: ::std::result::Result<
                ::std::vec::Vec<super::Scope>,
                ::std::string::String,
            >,
            token: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for ExchangedToken {
            fn default() -> Self {
                Self {
                    dataset_id: Err("no value supplied for dataset_id".to_string()),
                    expires_at: Err("no value supplied for expires_at".to_string()),
                    name: Err("no value supplied for name".to_string()),
                    scopes: Err("no value supplied for scopes".to_string()),
                    token: Err("no value supplied for token".to_string()),
                }
            }
        }
        impl ExchangedToken {
            pub fn dataset_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.dataset_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for dataset_id: {e}")
                    });
                self
            }
            pub fn expires_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.expires_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for expires_at: {e}")
                    });
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for name: {e}")
                    });
                self
            }
            pub fn scopes<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Scope>>,
                T::Error: ::std::fmt::Display,
            {
                self.scopes = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for scopes: {e}")
                    });
                self
            }
            pub fn token<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.token = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for token: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ExchangedToken> for super::ExchangedToken {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ExchangedToken,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    dataset_id: value.dataset_id?,
                    expires_at: value.expires_at?,
                    name: value.name?,
                    scopes: value.scopes?,
                    token: value.token?,
                })
            }
        }
        impl ::std::convert::From<super::ExchangedToken> for ExchangedToken {
            fn from(value: super::ExchangedToken) -> Self {
                Self {
                    dataset_id: Ok(value.dataset_id),
                    expires_at: Ok(value.expires_at),
                    name: Ok(value.name),
                    scopes: Ok(value.scopes),
                    token: Ok(value.token),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Finding {
            column: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            count: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            examples: ::std::result::Result<
                ::std::vec::Vec<::std::string::String>,
                ::std::string::String,
            >,
            line: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            msg: ::std::result::Result<::std::string::String, ::std::string::String>,
            severity: ::std::result::Result<super::Severity, ::std::string::String>,
            suggestion: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            type_: ::std::result::Result<super::FindingType, ::std::string::String>,
        }
        impl ::std::default::Default for Finding {
            fn default() -> Self {
                Self {
                    column: Ok(Default::default()),
                    count: Ok(Default::default()),
                    examples: Err("no value supplied for examples".to_string()),
                    line: Ok(Default::default()),
                    msg: Err("no value supplied for msg".to_string()),
                    severity: Err("no value supplied for severity".to_string()),
                    suggestion: Ok(Default::default()),
                    type_: Err("no value supplied for type_".to_string()),
                }
            }
        }
        impl Finding {
            pub fn column<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.column = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for column: {e}")
                    });
                self
            }
            pub fn count<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.count = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for count: {e}")
                    });
                self
            }
            pub fn examples<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.examples = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for examples: {e}")
                    });
                self
            }
            pub fn line<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.line = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for line: {e}")
                    });
                self
            }
            pub fn msg<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.msg = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for msg: {e}")
                    });
                self
            }
            pub fn severity<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Severity>,
                T::Error: ::std::fmt::Display,
            {
                self.severity = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for severity: {e}")
                    });
                self
            }
            pub fn suggestion<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.suggestion = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for suggestion: {e}")
                    });
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::FindingType>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Finding> for super::Finding {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Finding,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    column: value.column?,
                    count: value.count?,
                    examples: value.examples?,
                    line: value.line?,
                    msg: value.msg?,
                    severity: value.severity?,
                    suggestion: value.suggestion?,
                    type_: value.type_?,
                })
            }
        }
        impl ::std::convert::From<super::Finding> for Finding {
            fn from(value: super::Finding) -> Self {
                Self {
                    column: Ok(value.column),
                    count: Ok(value.count),
                    examples: Ok(value.examples),
                    line: Ok(value.line),
                    msg: Ok(value.msg),
                    severity: Ok(value.severity),
                    suggestion: Ok(value.suggestion),
                    type_: Ok(value.type_),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Grant {
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            dataset_id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            principal: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            role: ::std::result::Result<super::Role, ::std::string::String>,
        }
        impl ::std::default::Default for Grant {
            fn default() -> Self {
                Self {
                    created_at: Err("no value supplied for created_at".to_string()),
                    dataset_id: Err("no value supplied for dataset_id".to_string()),
                    principal: Err("no value supplied for principal".to_string()),
                    role: Err("no value supplied for role".to_string()),
                }
            }
        }
        impl Grant {
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn dataset_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.dataset_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for dataset_id: {e}")
                    });
                self
            }
            pub fn principal<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.principal = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for principal: {e}")
                    });
                self
            }
            pub fn role<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Role>,
                T::Error: ::std::fmt::Display,
            {
                self.role = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for role: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Grant> for super::Grant {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Grant,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    created_at: value.created_at?,
                    dataset_id: value.dataset_id?,
                    principal: value.principal?,
                    role: value.role?,
                })
            }
        }
        impl ::std::convert::From<super::Grant> for Grant {
            fn from(value: super::Grant) -> Self {
                Self {
                    created_at: Ok(value.created_at),
                    dataset_id: Ok(value.dataset_id),
                    principal: Ok(value.principal),
                    role: Ok(value.role),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct GrantRequest {
            role: ::std::result::Result<super::Role, ::std::string::String>,
        }
        impl ::std::default::Default for GrantRequest {
            fn default() -> Self {
                Self {
                    role: Err("no value supplied for role".to_string()),
                }
            }
        }
        impl GrantRequest {
            pub fn role<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Role>,
                T::Error: ::std::fmt::Display,
            {
                self.role = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for role: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<GrantRequest> for super::GrantRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: GrantRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { role: value.role? })
            }
        }
        impl ::std::convert::From<super::GrantRequest> for GrantRequest {
            fn from(value: super::GrantRequest) -> Self {
                Self { role: Ok(value.role) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct GrantResultsPage {
            items: ::std::result::Result<
                ::std::vec::Vec<super::Grant>,
                ::std::string::String,
            >,
            next_page: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for GrantResultsPage {
            fn default() -> Self {
                Self {
                    items: Err("no value supplied for items".to_string()),
                    next_page: Ok(Default::default()),
                }
            }
        }
        impl GrantResultsPage {
            pub fn items<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Grant>>,
                T::Error: ::std::fmt::Display,
            {
                self.items = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for items: {e}")
                    });
                self
            }
            pub fn next_page<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.next_page = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for next_page: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<GrantResultsPage> for super::GrantResultsPage {
            type Error = super::error::ConversionError;
            fn try_from(
                value: GrantResultsPage,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    items: value.items?,
                    next_page: value.next_page?,
                })
            }
        }
        impl ::std::convert::From<super::GrantResultsPage> for GrantResultsPage {
            fn from(value: super::GrantResultsPage) -> Self {
                Self {
                    items: Ok(value.items),
                    next_page: Ok(value.next_page),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Histogram {
            counts: ::std::result::Result<::std::vec::Vec<i64>, ::std::string::String>,
            is_exact: ::std::result::Result<bool, ::std::string::String>,
            start: ::std::result::Result<f64, ::std::string::String>,
            width: ::std::result::Result<f64, ::std::string::String>,
        }
        impl ::std::default::Default for Histogram {
            fn default() -> Self {
                Self {
                    counts: Err("no value supplied for counts".to_string()),
                    is_exact: Err("no value supplied for is_exact".to_string()),
                    start: Err("no value supplied for start".to_string()),
                    width: Err("no value supplied for width".to_string()),
                }
            }
        }
        impl Histogram {
            pub fn counts<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.counts = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for counts: {e}")
                    });
                self
            }
            pub fn is_exact<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<bool>,
                T::Error: ::std::fmt::Display,
            {
                self.is_exact = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for is_exact: {e}")
                    });
                self
            }
            pub fn start<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<f64>,
                T::Error: ::std::fmt::Display,
            {
                self.start = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for start: {e}")
                    });
                self
            }
            pub fn width<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<f64>,
                T::Error: ::std::fmt::Display,
            {
                self.width = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for width: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Histogram> for super::Histogram {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Histogram,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    counts: value.counts?,
                    is_exact: value.is_exact?,
                    start: value.start?,
                    width: value.width?,
                })
            }
        }
        impl ::std::convert::From<super::Histogram> for Histogram {
            fn from(value: super::Histogram) -> Self {
                Self {
                    counts: Ok(value.counts),
                    is_exact: Ok(value.is_exact),
                    start: Ok(value.start),
                    width: Ok(value.width),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct HttpValidationError {
            detail: ::std::result::Result<
                ::std::vec::Vec<super::ValidationError>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for HttpValidationError {
            fn default() -> Self {
                Self {
                    detail: Ok(Default::default()),
                }
            }
        }
        impl HttpValidationError {
            pub fn detail<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::ValidationError>>,
                T::Error: ::std::fmt::Display,
            {
                self.detail = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for detail: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<HttpValidationError>
        for super::HttpValidationError {
            type Error = super::error::ConversionError;
            fn try_from(
                value: HttpValidationError,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { detail: value.detail? })
            }
        }
        impl ::std::convert::From<super::HttpValidationError> for HttpValidationError {
            fn from(value: super::HttpValidationError) -> Self {
                Self { detail: Ok(value.detail) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct InspectJobRequest {
            read_options: ::std::result::Result<
                ::std::option::Option<super::ReadOptions>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for InspectJobRequest {
            fn default() -> Self {
                Self {
                    read_options: Ok(Default::default()),
                }
            }
        }
        impl InspectJobRequest {
            pub fn read_options<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::ReadOptions>>,
                T::Error: ::std::fmt::Display,
            {
                self.read_options = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for read_options: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<InspectJobRequest> for super::InspectJobRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: InspectJobRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    read_options: value.read_options?,
                })
            }
        }
        impl ::std::convert::From<super::InspectJobRequest> for InspectJobRequest {
            fn from(value: super::InspectJobRequest) -> Self {
                Self {
                    read_options: Ok(value.read_options),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Job {
            base_version: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            content_type: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            dataset_id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            deadline: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            error: ::std::result::Result<
                ::std::option::Option<super::JobError>,
                ::std::string::String,
            >,
            file_size: ::std::result::Result<i64, ::std::string::String>,
            filename: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            part_size: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            progress: ::std::result::Result<super::JobProgress, ::std::string::String>,
            status: ::std::result::Result<super::JobStatus, ::std::string::String>,
            version: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Job {
            fn default() -> Self {
                Self {
                    base_version: Ok(Default::default()),
                    content_type: Err("no value supplied for content_type".to_string()),
                    created_at: Err("no value supplied for created_at".to_string()),
                    dataset_id: Err("no value supplied for dataset_id".to_string()),
                    deadline: Err("no value supplied for deadline".to_string()),
                    error: Ok(Default::default()),
                    file_size: Err("no value supplied for file_size".to_string()),
                    filename: Err("no value supplied for filename".to_string()),
                    id: Err("no value supplied for id".to_string()),
                    part_size: Ok(Default::default()),
                    progress: Err("no value supplied for progress".to_string()),
                    status: Err("no value supplied for status".to_string()),
                    version: Ok(Default::default()),
                }
            }
        }
        impl Job {
            pub fn base_version<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.base_version = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for base_version: {e}")
                    });
                self
            }
            pub fn content_type<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.content_type = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for content_type: {e}")
                    });
                self
            }
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn dataset_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.dataset_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for dataset_id: {e}")
                    });
                self
            }
            pub fn deadline<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.deadline = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for deadline: {e}")
                    });
                self
            }
            pub fn error<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::JobError>>,
                T::Error: ::std::fmt::Display,
            {
                self.error = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for error: {e}")
                    });
                self
            }
            pub fn file_size<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.file_size = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for file_size: {e}")
                    });
                self
            }
            pub fn filename<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.filename = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for filename: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn part_size<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.part_size = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for part_size: {e}")
                    });
                self
            }
            pub fn progress<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::JobProgress>,
                T::Error: ::std::fmt::Display,
            {
                self.progress = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for progress: {e}")
                    });
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::JobStatus>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            pub fn version<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.version = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for version: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Job> for super::Job {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Job,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    base_version: value.base_version?,
                    content_type: value.content_type?,
                    created_at: value.created_at?,
                    dataset_id: value.dataset_id?,
                    deadline: value.deadline?,
                    error: value.error?,
                    file_size: value.file_size?,
                    filename: value.filename?,
                    id: value.id?,
                    part_size: value.part_size?,
                    progress: value.progress?,
                    status: value.status?,
                    version: value.version?,
                })
            }
        }
        impl ::std::convert::From<super::Job> for Job {
            fn from(value: super::Job) -> Self {
                Self {
                    base_version: Ok(value.base_version),
                    content_type: Ok(value.content_type),
                    created_at: Ok(value.created_at),
                    dataset_id: Ok(value.dataset_id),
                    deadline: Ok(value.deadline),
                    error: Ok(value.error),
                    file_size: Ok(value.file_size),
                    filename: Ok(value.filename),
                    id: Ok(value.id),
                    part_size: Ok(value.part_size),
                    progress: Ok(value.progress),
                    status: Ok(value.status),
                    version: Ok(value.version),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct JobError {
            ctx: ::std::result::Result<
                ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                ::std::string::String,
            >,
            msg: ::std::result::Result<::std::string::String, ::std::string::String>,
            type_: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for JobError {
            fn default() -> Self {
                Self {
                    ctx: Err("no value supplied for ctx".to_string()),
                    msg: Err("no value supplied for msg".to_string()),
                    type_: Err("no value supplied for type_".to_string()),
                }
            }
        }
        impl JobError {
            pub fn ctx<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.ctx = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for ctx: {e}")
                    });
                self
            }
            pub fn msg<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.msg = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for msg: {e}")
                    });
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<JobError> for super::JobError {
            type Error = super::error::ConversionError;
            fn try_from(
                value: JobError,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    ctx: value.ctx?,
                    msg: value.msg?,
                    type_: value.type_?,
                })
            }
        }
        impl ::std::convert::From<super::JobError> for JobError {
            fn from(value: super::JobError) -> Self {
                Self {
                    ctx: Ok(value.ctx),
                    msg: Ok(value.msg),
                    type_: Ok(value.type_),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct JobProgress {
            bytes_done: ::std::result::Result<i64, ::std::string::String>,
            bytes_total: ::std::result::Result<i64, ::std::string::String>,
            phase: ::std::result::Result<super::JobPhase, ::std::string::String>,
            rows: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for JobProgress {
            fn default() -> Self {
                Self {
                    bytes_done: Err("no value supplied for bytes_done".to_string()),
                    bytes_total: Err("no value supplied for bytes_total".to_string()),
                    phase: Err("no value supplied for phase".to_string()),
                    rows: Ok(Default::default()),
                }
            }
        }
        impl JobProgress {
            pub fn bytes_done<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.bytes_done = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for bytes_done: {e}")
                    });
                self
            }
            pub fn bytes_total<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.bytes_total = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for bytes_total: {e}")
                    });
                self
            }
            pub fn phase<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::JobPhase>,
                T::Error: ::std::fmt::Display,
            {
                self.phase = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for phase: {e}")
                    });
                self
            }
            pub fn rows<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.rows = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for rows: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<JobProgress> for super::JobProgress {
            type Error = super::error::ConversionError;
            fn try_from(
                value: JobProgress,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    bytes_done: value.bytes_done?,
                    bytes_total: value.bytes_total?,
                    phase: value.phase?,
                    rows: value.rows?,
                })
            }
        }
        impl ::std::convert::From<super::JobProgress> for JobProgress {
            fn from(value: super::JobProgress) -> Self {
                Self {
                    bytes_done: Ok(value.bytes_done),
                    bytes_total: Ok(value.bytes_total),
                    phase: Ok(value.phase),
                    rows: Ok(value.rows),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct JobResultsPage {
            items: ::std::result::Result<
                ::std::vec::Vec<super::Job>,
                ::std::string::String,
            >,
            next_page: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for JobResultsPage {
            fn default() -> Self {
                Self {
                    items: Err("no value supplied for items".to_string()),
                    next_page: Ok(Default::default()),
                }
            }
        }
        impl JobResultsPage {
            pub fn items<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Job>>,
                T::Error: ::std::fmt::Display,
            {
                self.items = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for items: {e}")
                    });
                self
            }
            pub fn next_page<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.next_page = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for next_page: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<JobResultsPage> for super::JobResultsPage {
            type Error = super::error::ConversionError;
            fn try_from(
                value: JobResultsPage,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    items: value.items?,
                    next_page: value.next_page?,
                })
            }
        }
        impl ::std::convert::From<super::JobResultsPage> for JobResultsPage {
            fn from(value: super::JobResultsPage) -> Self {
                Self {
                    items: Ok(value.items),
                    next_page: Ok(value.next_page),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Part {
            etag: ::std::result::Result<::std::string::String, ::std::string::String>,
            last_modified: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            part_number: ::std::result::Result<i64, ::std::string::String>,
            size: ::std::result::Result<i64, ::std::string::String>,
        }
        impl ::std::default::Default for Part {
            fn default() -> Self {
                Self {
                    etag: Err("no value supplied for etag".to_string()),
                    last_modified: Ok(Default::default()),
                    part_number: Err("no value supplied for part_number".to_string()),
                    size: Err("no value supplied for size".to_string()),
                }
            }
        }
        impl Part {
            pub fn etag<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.etag = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for etag: {e}")
                    });
                self
            }
            pub fn last_modified<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.last_modified = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for last_modified: {e}")
                    });
                self
            }
            pub fn part_number<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.part_number = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for part_number: {e}")
                    });
                self
            }
            pub fn size<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.size = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for size: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Part> for super::Part {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Part,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    etag: value.etag?,
                    last_modified: value.last_modified?,
                    part_number: value.part_number?,
                    size: value.size?,
                })
            }
        }
        impl ::std::convert::From<super::Part> for Part {
            fn from(value: super::Part) -> Self {
                Self {
                    etag: Ok(value.etag),
                    last_modified: Ok(value.last_modified),
                    part_number: Ok(value.part_number),
                    size: Ok(value.size),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PartResultsPage {
            items: ::std::result::Result<
                ::std::vec::Vec<super::Part>,
                ::std::string::String,
            >,
            next_page: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for PartResultsPage {
            fn default() -> Self {
                Self {
                    items: Err("no value supplied for items".to_string()),
                    next_page: Ok(Default::default()),
                }
            }
        }
        impl PartResultsPage {
            pub fn items<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Part>>,
                T::Error: ::std::fmt::Display,
            {
                self.items = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for items: {e}")
                    });
                self
            }
            pub fn next_page<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.next_page = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for next_page: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<PartResultsPage> for super::PartResultsPage {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PartResultsPage,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    items: value.items?,
                    next_page: value.next_page?,
                })
            }
        }
        impl ::std::convert::From<super::PartResultsPage> for PartResultsPage {
            fn from(value: super::PartResultsPage) -> Self {
                Self {
                    items: Ok(value.items),
                    next_page: Ok(value.next_page),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PartUrl {
            content_length: ::std::result::Result<i64, ::std::string::String>,
            expires_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            part_number: ::std::result::Result<i64, ::std::string::String>,
            url: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for PartUrl {
            fn default() -> Self {
                Self {
                    content_length: Err(
                        "no value supplied for content_length".to_string(),
                    ),
                    expires_at: Err("no value supplied for expires_at".to_string()),
                    part_number: Err("no value supplied for part_number".to_string()),
                    url: Err("no value supplied for url".to_string()),
                }
            }
        }
        impl PartUrl {
            pub fn content_length<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.content_length = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for content_length: {e}"
                        )
                    });
                self
            }
            pub fn expires_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.expires_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for expires_at: {e}")
                    });
                self
            }
            pub fn part_number<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.part_number = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for part_number: {e}")
                    });
                self
            }
            pub fn url<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.url = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for url: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<PartUrl> for super::PartUrl {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PartUrl,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    content_length: value.content_length?,
                    expires_at: value.expires_at?,
                    part_number: value.part_number?,
                    url: value.url?,
                })
            }
        }
        impl ::std::convert::From<super::PartUrl> for PartUrl {
            fn from(value: super::PartUrl) -> Self {
                Self {
                    content_length: Ok(value.content_length),
                    expires_at: Ok(value.expires_at),
                    part_number: Ok(value.part_number),
                    url: Ok(value.url),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PartUrls {
            items: ::std::result::Result<
                ::std::vec::Vec<super::PartUrl>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for PartUrls {
            fn default() -> Self {
                Self {
                    items: Err("no value supplied for items".to_string()),
                }
            }
        }
        impl PartUrls {
            pub fn items<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::PartUrl>>,
                T::Error: ::std::fmt::Display,
            {
                self.items = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for items: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<PartUrls> for super::PartUrls {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PartUrls,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { items: value.items? })
            }
        }
        impl ::std::convert::From<super::PartUrls> for PartUrls {
            fn from(value: super::PartUrls) -> Self {
                Self { items: Ok(value.items) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PartUrlsRequest {
            part_numbers: ::std::result::Result<
                ::std::vec::Vec<::std::num::NonZeroU64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for PartUrlsRequest {
            fn default() -> Self {
                Self {
                    part_numbers: Err("no value supplied for part_numbers".to_string()),
                }
            }
        }
        impl PartUrlsRequest {
            pub fn part_numbers<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<::std::num::NonZeroU64>>,
                T::Error: ::std::fmt::Display,
            {
                self.part_numbers = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for part_numbers: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<PartUrlsRequest> for super::PartUrlsRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PartUrlsRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    part_numbers: value.part_numbers?,
                })
            }
        }
        impl ::std::convert::From<super::PartUrlsRequest> for PartUrlsRequest {
            fn from(value: super::PartUrlsRequest) -> Self {
                Self {
                    part_numbers: Ok(value.part_numbers),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Policy {
            auto_commit: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
            column_added: ::std::result::Result<
                ::std::option::Option<super::PolicyAction>,
                ::std::string::String,
            >,
            column_removed: ::std::result::Result<
                ::std::option::Option<super::PolicyAction>,
                ::std::string::String,
            >,
            column_renamed: ::std::result::Result<
                ::std::option::Option<super::PolicyAction>,
                ::std::string::String,
            >,
            dialect_changed: ::std::result::Result<
                ::std::option::Option<super::PolicyAction>,
                ::std::string::String,
            >,
            format_changed: ::std::result::Result<
                ::std::option::Option<super::PolicyAction>,
                ::std::string::String,
            >,
            max_row_loss: ::std::result::Result<
                ::std::option::Option<f64>,
                ::std::string::String,
            >,
            nulls_appeared: ::std::result::Result<
                ::std::option::Option<super::PolicyAction>,
                ::std::string::String,
            >,
            order_changed: ::std::result::Result<
                ::std::option::Option<super::PolicyAction>,
                ::std::string::String,
            >,
            rows_lost: ::std::result::Result<
                ::std::option::Option<super::PolicyAction>,
                ::std::string::String,
            >,
            type_breaks: ::std::result::Result<
                ::std::option::Option<super::PolicyAction>,
                ::std::string::String,
            >,
            type_fits: ::std::result::Result<
                ::std::option::Option<super::PolicyAction>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Policy {
            fn default() -> Self {
                Self {
                    auto_commit: Ok(Default::default()),
                    column_added: Ok(Default::default()),
                    column_removed: Ok(Default::default()),
                    column_renamed: Ok(Default::default()),
                    dialect_changed: Ok(Default::default()),
                    format_changed: Ok(Default::default()),
                    max_row_loss: Ok(Default::default()),
                    nulls_appeared: Ok(Default::default()),
                    order_changed: Ok(Default::default()),
                    rows_lost: Ok(Default::default()),
                    type_breaks: Ok(Default::default()),
                    type_fits: Ok(Default::default()),
                }
            }
        }
        impl Policy {
            pub fn auto_commit<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.auto_commit = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for auto_commit: {e}")
                    });
                self
            }
            pub fn column_added<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::PolicyAction>>,
                T::Error: ::std::fmt::Display,
            {
                self.column_added = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for column_added: {e}")
                    });
                self
            }
            pub fn column_removed<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::PolicyAction>>,
                T::Error: ::std::fmt::Display,
            {
                self.column_removed = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for column_removed: {e}"
                        )
                    });
                self
            }
            pub fn column_renamed<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::PolicyAction>>,
                T::Error: ::std::fmt::Display,
            {
                self.column_renamed = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for column_renamed: {e}"
                        )
                    });
                self
            }
            pub fn dialect_changed<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::PolicyAction>>,
                T::Error: ::std::fmt::Display,
            {
                self.dialect_changed = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for dialect_changed: {e}"
                        )
                    });
                self
            }
            pub fn format_changed<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::PolicyAction>>,
                T::Error: ::std::fmt::Display,
            {
                self.format_changed = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for format_changed: {e}"
                        )
                    });
                self
            }
            pub fn max_row_loss<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<f64>>,
                T::Error: ::std::fmt::Display,
            {
                self.max_row_loss = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for max_row_loss: {e}")
                    });
                self
            }
            pub fn nulls_appeared<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::PolicyAction>>,
                T::Error: ::std::fmt::Display,
            {
                self.nulls_appeared = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for nulls_appeared: {e}"
                        )
                    });
                self
            }
            pub fn order_changed<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::PolicyAction>>,
                T::Error: ::std::fmt::Display,
            {
                self.order_changed = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for order_changed: {e}")
                    });
                self
            }
            pub fn rows_lost<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::PolicyAction>>,
                T::Error: ::std::fmt::Display,
            {
                self.rows_lost = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for rows_lost: {e}")
                    });
                self
            }
            pub fn type_breaks<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::PolicyAction>>,
                T::Error: ::std::fmt::Display,
            {
                self.type_breaks = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_breaks: {e}")
                    });
                self
            }
            pub fn type_fits<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::PolicyAction>>,
                T::Error: ::std::fmt::Display,
            {
                self.type_fits = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_fits: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Policy> for super::Policy {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Policy,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    auto_commit: value.auto_commit?,
                    column_added: value.column_added?,
                    column_removed: value.column_removed?,
                    column_renamed: value.column_renamed?,
                    dialect_changed: value.dialect_changed?,
                    format_changed: value.format_changed?,
                    max_row_loss: value.max_row_loss?,
                    nulls_appeared: value.nulls_appeared?,
                    order_changed: value.order_changed?,
                    rows_lost: value.rows_lost?,
                    type_breaks: value.type_breaks?,
                    type_fits: value.type_fits?,
                })
            }
        }
        impl ::std::convert::From<super::Policy> for Policy {
            fn from(value: super::Policy) -> Self {
                Self {
                    auto_commit: Ok(value.auto_commit),
                    column_added: Ok(value.column_added),
                    column_removed: Ok(value.column_removed),
                    column_renamed: Ok(value.column_renamed),
                    dialect_changed: Ok(value.dialect_changed),
                    format_changed: Ok(value.format_changed),
                    max_row_loss: Ok(value.max_row_loss),
                    nulls_appeared: Ok(value.nulls_appeared),
                    order_changed: Ok(value.order_changed),
                    rows_lost: Ok(value.rows_lost),
                    type_breaks: Ok(value.type_breaks),
                    type_fits: Ok(value.type_fits),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PresignedUploadRequest {
            content_type: ::std::result::Result<
                super::ContentType,
                ::std::string::String,
            >,
            file_size: ::std::result::Result<
                ::std::num::NonZeroU64,
                ::std::string::String,
            >,
            filename: ::std::result::Result<super::Filename, ::std::string::String>,
        }
        impl ::std::default::Default for PresignedUploadRequest {
            fn default() -> Self {
                Self {
                    content_type: Ok(
                        super::defaults::presigned_upload_request_content_type(),
                    ),
                    file_size: Err("no value supplied for file_size".to_string()),
                    filename: Err("no value supplied for filename".to_string()),
                }
            }
        }
        impl PresignedUploadRequest {
            pub fn content_type<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::ContentType>,
                T::Error: ::std::fmt::Display,
            {
                self.content_type = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for content_type: {e}")
                    });
                self
            }
            pub fn file_size<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::num::NonZeroU64>,
                T::Error: ::std::fmt::Display,
            {
                self.file_size = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for file_size: {e}")
                    });
                self
            }
            pub fn filename<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Filename>,
                T::Error: ::std::fmt::Display,
            {
                self.filename = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for filename: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<PresignedUploadRequest>
        for super::PresignedUploadRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PresignedUploadRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    content_type: value.content_type?,
                    file_size: value.file_size?,
                    filename: value.filename?,
                })
            }
        }
        impl ::std::convert::From<super::PresignedUploadRequest>
        for PresignedUploadRequest {
            fn from(value: super::PresignedUploadRequest) -> Self {
                Self {
                    content_type: Ok(value.content_type),
                    file_size: Ok(value.file_size),
                    filename: Ok(value.filename),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PresignedUploadResponse {
            job_id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            part_size: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            s3_key: ::std::result::Result<::std::string::String, ::std::string::String>,
            upload_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            urls: ::std::result::Result<
                ::std::vec::Vec<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for PresignedUploadResponse {
            fn default() -> Self {
                Self {
                    job_id: Err("no value supplied for job_id".to_string()),
                    part_size: Ok(Default::default()),
                    s3_key: Err("no value supplied for s3_key".to_string()),
                    upload_id: Ok(Default::default()),
                    urls: Err("no value supplied for urls".to_string()),
                }
            }
        }
        impl PresignedUploadResponse {
            pub fn job_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.job_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for job_id: {e}")
                    });
                self
            }
            pub fn part_size<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.part_size = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for part_size: {e}")
                    });
                self
            }
            pub fn s3_key<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.s3_key = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for s3_key: {e}")
                    });
                self
            }
            pub fn upload_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.upload_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for upload_id: {e}")
                    });
                self
            }
            pub fn urls<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.urls = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for urls: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<PresignedUploadResponse>
        for super::PresignedUploadResponse {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PresignedUploadResponse,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    job_id: value.job_id?,
                    part_size: value.part_size?,
                    s3_key: value.s3_key?,
                    upload_id: value.upload_id?,
                    urls: value.urls?,
                })
            }
        }
        impl ::std::convert::From<super::PresignedUploadResponse>
        for PresignedUploadResponse {
            fn from(value: super::PresignedUploadResponse) -> Self {
                Self {
                    job_id: Ok(value.job_id),
                    part_size: Ok(value.part_size),
                    s3_key: Ok(value.s3_key),
                    upload_id: Ok(value.upload_id),
                    urls: Ok(value.urls),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Preview {
            columns: ::std::result::Result<
                ::std::vec::Vec<super::Column>,
                ::std::string::String,
            >,
            dialect: ::std::result::Result<
                ::std::option::Option<super::ReadOptions>,
                ::std::string::String,
            >,
            findings: ::std::result::Result<
                ::std::vec::Vec<super::Finding>,
                ::std::string::String,
            >,
            findings_total: ::std::result::Result<i64, ::std::string::String>,
            format: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            job_id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            row_count: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            sample: ::std::result::Result<
                ::std::vec::Vec<::std::vec::Vec<::serde_json::Value>>,
                ::std::string::String,
            >,
            schema_diff: ::std::result::Result<super::SchemaDiff, ::std::string::String>,
        }
        impl ::std::default::Default for Preview {
            fn default() -> Self {
                Self {
                    columns: Err("no value supplied for columns".to_string()),
                    dialect: Ok(Default::default()),
                    findings: Err("no value supplied for findings".to_string()),
                    findings_total: Err(
                        "no value supplied for findings_total".to_string(),
                    ),
                    format: Ok(Default::default()),
                    job_id: Err("no value supplied for job_id".to_string()),
                    row_count: Ok(Default::default()),
                    sample: Err("no value supplied for sample".to_string()),
                    schema_diff: Err("no value supplied for schema_diff".to_string()),
                }
            }
        }
        impl Preview {
            pub fn columns<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Column>>,
                T::Error: ::std::fmt::Display,
            {
                self.columns = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for columns: {e}")
                    });
                self
            }
            pub fn dialect<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::ReadOptions>>,
                T::Error: ::std::fmt::Display,
            {
                self.dialect = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for dialect: {e}")
                    });
                self
            }
            pub fn findings<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Finding>>,
                T::Error: ::std::fmt::Display,
            {
                self.findings = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for findings: {e}")
                    });
                self
            }
            pub fn findings_total<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.findings_total = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for findings_total: {e}"
                        )
                    });
                self
            }
            pub fn format<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.format = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for format: {e}")
                    });
                self
            }
            pub fn job_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.job_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for job_id: {e}")
                    });
                self
            }
            pub fn row_count<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.row_count = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for row_count: {e}")
                    });
                self
            }
            pub fn sample<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::vec::Vec<::std::vec::Vec<::serde_json::Value>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.sample = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for sample: {e}")
                    });
                self
            }
            pub fn schema_diff<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::SchemaDiff>,
                T::Error: ::std::fmt::Display,
            {
                self.schema_diff = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for schema_diff: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Preview> for super::Preview {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Preview,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    columns: value.columns?,
                    dialect: value.dialect?,
                    findings: value.findings?,
                    findings_total: value.findings_total?,
                    format: value.format?,
                    job_id: value.job_id?,
                    row_count: value.row_count?,
                    sample: value.sample?,
                    schema_diff: value.schema_diff?,
                })
            }
        }
        impl ::std::convert::From<super::Preview> for Preview {
            fn from(value: super::Preview) -> Self {
                Self {
                    columns: Ok(value.columns),
                    dialect: Ok(value.dialect),
                    findings: Ok(value.findings),
                    findings_total: Ok(value.findings_total),
                    format: Ok(value.format),
                    job_id: Ok(value.job_id),
                    row_count: Ok(value.row_count),
                    sample: Ok(value.sample),
                    schema_diff: Ok(value.schema_diff),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ReadOptions {
            comment: ::std::result::Result<
                ::std::option::Option<super::Comment>,
                ::std::string::String,
            >,
            compression: ::std::result::Result<
                ::std::option::Option<super::Compression>,
                ::std::string::String,
            >,
            decimal: ::std::result::Result<
                ::std::option::Option<super::Decimal>,
                ::std::string::String,
            >,
            delimiter: ::std::result::Result<
                ::std::option::Option<super::Delimiter>,
                ::std::string::String,
            >,
            encoding: ::std::result::Result<
                ::std::option::Option<super::Encoding>,
                ::std::string::String,
            >,
            escape: ::std::result::Result<
                ::std::option::Option<super::Escape>,
                ::std::string::String,
            >,
            format: ::std::result::Result<
                ::std::option::Option<super::Format>,
                ::std::string::String,
            >,
            header: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
            inspect: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
            null_values: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<super::NullValuesItem>>,
                ::std::string::String,
            >,
            quote: ::std::result::Result<
                ::std::option::Option<super::Quote>,
                ::std::string::String,
            >,
            skip_lines: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for ReadOptions {
            fn default() -> Self {
                Self {
                    comment: Ok(Default::default()),
                    compression: Ok(Default::default()),
                    decimal: Ok(Default::default()),
                    delimiter: Ok(Default::default()),
                    encoding: Ok(Default::default()),
                    escape: Ok(Default::default()),
                    format: Ok(Default::default()),
                    header: Ok(Default::default()),
                    inspect: Ok(Default::default()),
                    null_values: Ok(Default::default()),
                    quote: Ok(Default::default()),
                    skip_lines: Ok(Default::default()),
                }
            }
        }
        impl ReadOptions {
            pub fn comment<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Comment>>,
                T::Error: ::std::fmt::Display,
            {
                self.comment = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for comment: {e}")
                    });
                self
            }
            pub fn compression<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Compression>>,
                T::Error: ::std::fmt::Display,
            {
                self.compression = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for compression: {e}")
                    });
                self
            }
            pub fn decimal<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Decimal>>,
                T::Error: ::std::fmt::Display,
            {
                self.decimal = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for decimal: {e}")
                    });
                self
            }
            pub fn delimiter<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Delimiter>>,
                T::Error: ::std::fmt::Display,
            {
                self.delimiter = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for delimiter: {e}")
                    });
                self
            }
            pub fn encoding<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Encoding>>,
                T::Error: ::std::fmt::Display,
            {
                self.encoding = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for encoding: {e}")
                    });
                self
            }
            pub fn escape<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Escape>>,
                T::Error: ::std::fmt::Display,
            {
                self.escape = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for escape: {e}")
                    });
                self
            }
            pub fn format<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Format>>,
                T::Error: ::std::fmt::Display,
            {
                self.format = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for format: {e}")
                    });
                self
            }
            pub fn header<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.header = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for header: {e}")
                    });
                self
            }
            pub fn inspect<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.inspect = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for inspect: {e}")
                    });
                self
            }
            pub fn null_values<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<super::NullValuesItem>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.null_values = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for null_values: {e}")
                    });
                self
            }
            pub fn quote<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Quote>>,
                T::Error: ::std::fmt::Display,
            {
                self.quote = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for quote: {e}")
                    });
                self
            }
            pub fn skip_lines<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.skip_lines = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for skip_lines: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ReadOptions> for super::ReadOptions {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ReadOptions,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    comment: value.comment?,
                    compression: value.compression?,
                    decimal: value.decimal?,
                    delimiter: value.delimiter?,
                    encoding: value.encoding?,
                    escape: value.escape?,
                    format: value.format?,
                    header: value.header?,
                    inspect: value.inspect?,
                    null_values: value.null_values?,
                    quote: value.quote?,
                    skip_lines: value.skip_lines?,
                })
            }
        }
        impl ::std::convert::From<super::ReadOptions> for ReadOptions {
            fn from(value: super::ReadOptions) -> Self {
                Self {
                    comment: Ok(value.comment),
                    compression: Ok(value.compression),
                    decimal: Ok(value.decimal),
                    delimiter: Ok(value.delimiter),
                    encoding: Ok(value.encoding),
                    escape: Ok(value.escape),
                    format: Ok(value.format),
                    header: Ok(value.header),
                    inspect: Ok(value.inspect),
                    null_values: Ok(value.null_values),
                    quote: Ok(value.quote),
                    skip_lines: Ok(value.skip_lines),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct RestoreVersionRequest {
            replaces: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for RestoreVersionRequest {
            fn default() -> Self {
                Self {
                    replaces: Ok(Default::default()),
                }
            }
        }
        impl RestoreVersionRequest {
            pub fn replaces<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.replaces = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for replaces: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<RestoreVersionRequest>
        for super::RestoreVersionRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: RestoreVersionRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { replaces: value.replaces? })
            }
        }
        impl ::std::convert::From<super::RestoreVersionRequest>
        for RestoreVersionRequest {
            fn from(value: super::RestoreVersionRequest) -> Self {
                Self {
                    replaces: Ok(value.replaces),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct SchemaDiff {
            changes: ::std::result::Result<
                ::std::vec::Vec<super::Change>,
                ::std::string::String,
            >,
            current_version: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            file_size: ::std::result::Result<super::Difference, ::std::string::String>,
            row_count: ::std::result::Result<super::Difference, ::std::string::String>,
            verdict: ::std::result::Result<super::Verdict, ::std::string::String>,
        }
        impl ::std::default::Default for SchemaDiff {
            fn default() -> Self {
                Self {
                    changes: Err("no value supplied for changes".to_string()),
                    current_version: Ok(Default::default()),
                    file_size: Err("no value supplied for file_size".to_string()),
                    row_count: Err("no value supplied for row_count".to_string()),
                    verdict: Err("no value supplied for verdict".to_string()),
                }
            }
        }
        impl SchemaDiff {
            pub fn changes<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Change>>,
                T::Error: ::std::fmt::Display,
            {
                self.changes = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for changes: {e}")
                    });
                self
            }
            pub fn current_version<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.current_version = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for current_version: {e}"
                        )
                    });
                self
            }
            pub fn file_size<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Difference>,
                T::Error: ::std::fmt::Display,
            {
                self.file_size = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for file_size: {e}")
                    });
                self
            }
            pub fn row_count<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Difference>,
                T::Error: ::std::fmt::Display,
            {
                self.row_count = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for row_count: {e}")
                    });
                self
            }
            pub fn verdict<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Verdict>,
                T::Error: ::std::fmt::Display,
            {
                self.verdict = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for verdict: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<SchemaDiff> for super::SchemaDiff {
            type Error = super::error::ConversionError;
            fn try_from(
                value: SchemaDiff,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    changes: value.changes?,
                    current_version: value.current_version?,
                    file_size: value.file_size?,
                    row_count: value.row_count?,
                    verdict: value.verdict?,
                })
            }
        }
        impl ::std::convert::From<super::SchemaDiff> for SchemaDiff {
            fn from(value: super::SchemaDiff) -> Self {
                Self {
                    changes: Ok(value.changes),
                    current_version: Ok(value.current_version),
                    file_size: Ok(value.file_size),
                    row_count: Ok(value.row_count),
                    verdict: Ok(value.verdict),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Token {
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            created_with: ::std::result::Result<
                ::std::option::Option<::uuid::Uuid>,
                ::std::string::String,
            >,
            datasets: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<::uuid::Uuid>>,
                ::std::string::String,
            >,
            expires_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            last_used_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            name: ::std::result::Result<::std::string::String, ::std::string::String>,
            principal: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            revoked_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            scopes: ::std::result::Result<
                ::std::vec::Vec<super::Scope>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Token {
            fn default() -> Self {
                Self {
                    created_at: Err("no value supplied for created_at".to_string()),
                    created_with: Ok(Default::default()),
                    datasets: Ok(Default::default()),
                    expires_at: Ok(Default::default()),
                    id: Err("no value supplied for id".to_string()),
                    last_used_at: Ok(Default::default()),
                    name: Err("no value supplied for name".to_string()),
                    principal: Err("no value supplied for principal".to_string()),
                    revoked_at: Ok(Default::default()),
                    scopes: Err("no value supplied for scopes".to_string()),
                }
            }
        }
        impl Token {
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn created_with<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::uuid::Uuid>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_with = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_with: {e}")
                    });
                self
            }
            pub fn datasets<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<::uuid::Uuid>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.datasets = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for datasets: {e}")
                    });
                self
            }
            pub fn expires_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.expires_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for expires_at: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn last_used_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.last_used_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for last_used_at: {e}")
                    });
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for name: {e}")
                    });
                self
            }
            pub fn principal<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.principal = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for principal: {e}")
                    });
                self
            }
            pub fn revoked_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.revoked_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for revoked_at: {e}")
                    });
                self
            }
            pub fn scopes<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Scope>>,
                T::Error: ::std::fmt::Display,
            {
                self.scopes = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for scopes: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Token> for super::Token {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Token,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    created_at: value.created_at?,
                    created_with: value.created_with?,
                    datasets: value.datasets?,
                    expires_at: value.expires_at?,
                    id: value.id?,
                    last_used_at: value.last_used_at?,
                    name: value.name?,
                    principal: value.principal?,
                    revoked_at: value.revoked_at?,
                    scopes: value.scopes?,
                })
            }
        }
        impl ::std::convert::From<super::Token> for Token {
            fn from(value: super::Token) -> Self {
                Self {
                    created_at: Ok(value.created_at),
                    created_with: Ok(value.created_with),
                    datasets: Ok(value.datasets),
                    expires_at: Ok(value.expires_at),
                    id: Ok(value.id),
                    last_used_at: Ok(value.last_used_at),
                    name: Ok(value.name),
                    principal: Ok(value.principal),
                    revoked_at: Ok(value.revoked_at),
                    scopes: Ok(value.scopes),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct TokenResultsPage {
            items: ::std::result::Result<
                ::std::vec::Vec<super::Token>,
                ::std::string::String,
            >,
            next_page: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for TokenResultsPage {
            fn default() -> Self {
                Self {
                    items: Err("no value supplied for items".to_string()),
                    next_page: Ok(Default::default()),
                }
            }
        }
        impl TokenResultsPage {
            pub fn items<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Token>>,
                T::Error: ::std::fmt::Display,
            {
                self.items = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for items: {e}")
                    });
                self
            }
            pub fn next_page<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.next_page = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for next_page: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<TokenResultsPage> for super::TokenResultsPage {
            type Error = super::error::ConversionError;
            fn try_from(
                value: TokenResultsPage,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    items: value.items?,
                    next_page: value.next_page?,
                })
            }
        }
        impl ::std::convert::From<super::TokenResultsPage> for TokenResultsPage {
            fn from(value: super::TokenResultsPage) -> Self {
                Self {
                    items: Ok(value.items),
                    next_page: Ok(value.next_page),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct TopValue {
            count: ::std::result::Result<i64, ::std::string::String>,
            is_exact: ::std::result::Result<bool, ::std::string::String>,
            value: ::std::result::Result<::serde_json::Value, ::std::string::String>,
        }
        impl ::std::default::Default for TopValue {
            fn default() -> Self {
                Self {
                    count: Err("no value supplied for count".to_string()),
                    is_exact: Err("no value supplied for is_exact".to_string()),
                    value: Err("no value supplied for value".to_string()),
                }
            }
        }
        impl TopValue {
            pub fn count<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.count = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for count: {e}")
                    });
                self
            }
            pub fn is_exact<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<bool>,
                T::Error: ::std::fmt::Display,
            {
                self.is_exact = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for is_exact: {e}")
                    });
                self
            }
            pub fn value<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::serde_json::Value>,
                T::Error: ::std::fmt::Display,
            {
                self.value = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for value: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<TopValue> for super::TopValue {
            type Error = super::error::ConversionError;
            fn try_from(
                value: TopValue,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    count: value.count?,
                    is_exact: value.is_exact?,
                    value: value.value?,
                })
            }
        }
        impl ::std::convert::From<super::TopValue> for TopValue {
            fn from(value: super::TopValue) -> Self {
                Self {
                    count: Ok(value.count),
                    is_exact: Ok(value.is_exact),
                    value: Ok(value.value),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct TrustRule {
            branch: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            created_by: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            environment: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            issuer: ::std::result::Result<::std::string::String, ::std::string::String>,
            last_used_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            repository: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            repository_owner_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            workflow: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for TrustRule {
            fn default() -> Self {
                Self {
                    branch: Ok(Default::default()),
                    created_at: Err("no value supplied for created_at".to_string()),
                    created_by: Ok(Default::default()),
                    environment: Ok(Default::default()),
                    id: Err("no value supplied for id".to_string()),
                    issuer: Err("no value supplied for issuer".to_string()),
                    last_used_at: Ok(Default::default()),
                    repository: Err("no value supplied for repository".to_string()),
                    repository_owner_id: Ok(Default::default()),
                    workflow: Ok(Default::default()),
                }
            }
        }
        impl TrustRule {
            pub fn branch<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.branch = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for branch: {e}")
                    });
                self
            }
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn created_by<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_by = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_by: {e}")
                    });
                self
            }
            pub fn environment<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.environment = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for environment: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn issuer<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.issuer = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for issuer: {e}")
                    });
                self
            }
            pub fn last_used_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.last_used_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for last_used_at: {e}")
                    });
                self
            }
            pub fn repository<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.repository = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for repository: {e}")
                    });
                self
            }
            pub fn repository_owner_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.repository_owner_id = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for repository_owner_id: {e}"
                        )
                    });
                self
            }
            pub fn workflow<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.workflow = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for workflow: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<TrustRule> for super::TrustRule {
            type Error = super::error::ConversionError;
            fn try_from(
                value: TrustRule,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    branch: value.branch?,
                    created_at: value.created_at?,
                    created_by: value.created_by?,
                    environment: value.environment?,
                    id: value.id?,
                    issuer: value.issuer?,
                    last_used_at: value.last_used_at?,
                    repository: value.repository?,
                    repository_owner_id: value.repository_owner_id?,
                    workflow: value.workflow?,
                })
            }
        }
        impl ::std::convert::From<super::TrustRule> for TrustRule {
            fn from(value: super::TrustRule) -> Self {
                Self {
                    branch: Ok(value.branch),
                    created_at: Ok(value.created_at),
                    created_by: Ok(value.created_by),
                    environment: Ok(value.environment),
                    id: Ok(value.id),
                    issuer: Ok(value.issuer),
                    last_used_at: Ok(value.last_used_at),
                    repository: Ok(value.repository),
                    repository_owner_id: Ok(value.repository_owner_id),
                    workflow: Ok(value.workflow),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct TrustRuleResultsPage {
            items: ::std::result::Result<
                ::std::vec::Vec<super::TrustRule>,
                ::std::string::String,
            >,
            next_page: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for TrustRuleResultsPage {
            fn default() -> Self {
                Self {
                    items: Err("no value supplied for items".to_string()),
                    next_page: Ok(Default::default()),
                }
            }
        }
        impl TrustRuleResultsPage {
            pub fn items<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::TrustRule>>,
                T::Error: ::std::fmt::Display,
            {
                self.items = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for items: {e}")
                    });
                self
            }
            pub fn next_page<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.next_page = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for next_page: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<TrustRuleResultsPage>
        for super::TrustRuleResultsPage {
            type Error = super::error::ConversionError;
            fn try_from(
                value: TrustRuleResultsPage,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    items: value.items?,
                    next_page: value.next_page?,
                })
            }
        }
        impl ::std::convert::From<super::TrustRuleResultsPage> for TrustRuleResultsPage {
            fn from(value: super::TrustRuleResultsPage) -> Self {
                Self {
                    items: Ok(value.items),
                    next_page: Ok(value.next_page),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct UpdateDatasetRequest {
            name: ::std::result::Result<
                ::std::option::Option<super::Name>,
                ::std::string::String,
            >,
            policy: ::std::result::Result<
                ::std::option::Option<super::Policy>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for UpdateDatasetRequest {
            fn default() -> Self {
                Self {
                    name: Ok(Default::default()),
                    policy: Ok(Default::default()),
                }
            }
        }
        impl UpdateDatasetRequest {
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Name>>,
                T::Error: ::std::fmt::Display,
            {
                self.name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for name: {e}")
                    });
                self
            }
            pub fn policy<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Policy>>,
                T::Error: ::std::fmt::Display,
            {
                self.policy = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for policy: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<UpdateDatasetRequest>
        for super::UpdateDatasetRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: UpdateDatasetRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    name: value.name?,
                    policy: value.policy?,
                })
            }
        }
        impl ::std::convert::From<super::UpdateDatasetRequest> for UpdateDatasetRequest {
            fn from(value: super::UpdateDatasetRequest) -> Self {
                Self {
                    name: Ok(value.name),
                    policy: Ok(value.policy),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct UploadResponse {
            job_id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            message: ::std::result::Result<::std::string::String, ::std::string::String>,
            status: ::std::result::Result<super::JobStatus, ::std::string::String>,
        }
        impl ::std::default::Default for UploadResponse {
            fn default() -> Self {
                Self {
                    job_id: Err("no value supplied for job_id".to_string()),
                    message: Err("no value supplied for message".to_string()),
                    status: Err("no value supplied for status".to_string()),
                }
            }
        }
        impl UploadResponse {
            pub fn job_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.job_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for job_id: {e}")
                    });
                self
            }
            pub fn message<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.message = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for message: {e}")
                    });
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::JobStatus>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<UploadResponse> for super::UploadResponse {
            type Error = super::error::ConversionError;
            fn try_from(
                value: UploadResponse,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    job_id: value.job_id?,
                    message: value.message?,
                    status: value.status?,
                })
            }
        }
        impl ::std::convert::From<super::UploadResponse> for UploadResponse {
            fn from(value: super::UploadResponse) -> Self {
                Self {
                    job_id: Ok(value.job_id),
                    message: Ok(value.message),
                    status: Ok(value.status),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ValidationError {
            ctx: ::std::result::Result<
                ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                ::std::string::String,
            >,
            input: ::std::result::Result<
                ::std::option::Option<::serde_json::Value>,
                ::std::string::String,
            >,
            loc: ::std::result::Result<
                ::std::vec::Vec<super::LocationItem>,
                ::std::string::String,
            >,
            msg: ::std::result::Result<::std::string::String, ::std::string::String>,
            type_: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for ValidationError {
            fn default() -> Self {
                Self {
                    ctx: Ok(Default::default()),
                    input: Ok(Default::default()),
                    loc: Err("no value supplied for loc".to_string()),
                    msg: Err("no value supplied for msg".to_string()),
                    type_: Err("no value supplied for type_".to_string()),
                }
            }
        }
        impl ValidationError {
            pub fn ctx<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.ctx = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for ctx: {e}")
                    });
                self
            }
            pub fn input<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::serde_json::Value>>,
                T::Error: ::std::fmt::Display,
            {
                self.input = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for input: {e}")
                    });
                self
            }
            pub fn loc<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::LocationItem>>,
                T::Error: ::std::fmt::Display,
            {
                self.loc = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for loc: {e}")
                    });
                self
            }
            pub fn msg<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.msg = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for msg: {e}")
                    });
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ValidationError> for super::ValidationError {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ValidationError,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    ctx: value.ctx?,
                    input: value.input?,
                    loc: value.loc?,
                    msg: value.msg?,
                    type_: value.type_?,
                })
            }
        }
        impl ::std::convert::From<super::ValidationError> for ValidationError {
            fn from(value: super::ValidationError) -> Self {
                Self {
                    ctx: Ok(value.ctx),
                    input: Ok(value.input),
                    loc: Ok(value.loc),
                    msg: Ok(value.msg),
                    type_: Ok(value.type_),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Version {
            columns: ::std::result::Result<
                ::std::vec::Vec<super::Column>,
                ::std::string::String,
            >,
            committed_by: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            content_type: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            dataset_id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            dialect: ::std::result::Result<
                ::std::option::Option<super::ReadOptions>,
                ::std::string::String,
            >,
            etag: ::std::result::Result<::std::string::String, ::std::string::String>,
            file_size: ::std::result::Result<i64, ::std::string::String>,
            filename: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            job_id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            row_count: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            version: ::std::result::Result<i64, ::std::string::String>,
        }
        impl ::std::default::Default for Version {
            fn default() -> Self {
                Self {
                    columns: Err("no value supplied for columns".to_string()),
                    committed_by: Ok(Default::default()),
                    content_type: Err("no value supplied for content_type".to_string()),
                    created_at: Err("no value supplied for created_at".to_string()),
                    dataset_id: Err("no value supplied for dataset_id".to_string()),
                    dialect: Ok(Default::default()),
                    etag: Err("no value supplied for etag".to_string()),
                    file_size: Err("no value supplied for file_size".to_string()),
                    filename: Err("no value supplied for filename".to_string()),
                    job_id: Err("no value supplied for job_id".to_string()),
                    row_count: Ok(Default::default()),
                    version: Err("no value supplied for version".to_string()),
                }
            }
        }
        impl Version {
            pub fn columns<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Column>>,
                T::Error: ::std::fmt::Display,
            {
                self.columns = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for columns: {e}")
                    });
                self
            }
            pub fn committed_by<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.committed_by = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for committed_by: {e}")
                    });
                self
            }
            pub fn content_type<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.content_type = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for content_type: {e}")
                    });
                self
            }
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn dataset_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.dataset_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for dataset_id: {e}")
                    });
                self
            }
            pub fn dialect<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::ReadOptions>>,
                T::Error: ::std::fmt::Display,
            {
                self.dialect = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for dialect: {e}")
                    });
                self
            }
            pub fn etag<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.etag = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for etag: {e}")
                    });
                self
            }
            pub fn file_size<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.file_size = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for file_size: {e}")
                    });
                self
            }
            pub fn filename<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.filename = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for filename: {e}")
                    });
                self
            }
            pub fn job_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.job_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for job_id: {e}")
                    });
                self
            }
            pub fn row_count<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.row_count = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for row_count: {e}")
                    });
                self
            }
            pub fn version<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.version = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for version: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Version> for super::Version {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Version,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    columns: value.columns?,
                    committed_by: value.committed_by?,
                    content_type: value.content_type?,
                    created_at: value.created_at?,
                    dataset_id: value.dataset_id?,
                    dialect: value.dialect?,
                    etag: value.etag?,
                    file_size: value.file_size?,
                    filename: value.filename?,
                    job_id: value.job_id?,
                    row_count: value.row_count?,
                    version: value.version?,
                })
            }
        }
        impl ::std::convert::From<super::Version> for Version {
            fn from(value: super::Version) -> Self {
                Self {
                    columns: Ok(value.columns),
                    committed_by: Ok(value.committed_by),
                    content_type: Ok(value.content_type),
                    created_at: Ok(value.created_at),
                    dataset_id: Ok(value.dataset_id),
                    dialect: Ok(value.dialect),
                    etag: Ok(value.etag),
                    file_size: Ok(value.file_size),
                    filename: Ok(value.filename),
                    job_id: Ok(value.job_id),
                    row_count: Ok(value.row_count),
                    version: Ok(value.version),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct VersionResultsPage {
            items: ::std::result::Result<
                ::std::vec::Vec<super::Version>,
                ::std::string::String,
            >,
            next_page: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for VersionResultsPage {
            fn default() -> Self {
                Self {
                    items: Err("no value supplied for items".to_string()),
                    next_page: Ok(Default::default()),
                }
            }
        }
        impl VersionResultsPage {
            pub fn items<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Version>>,
                T::Error: ::std::fmt::Display,
            {
                self.items = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for items: {e}")
                    });
                self
            }
            pub fn next_page<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.next_page = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for next_page: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<VersionResultsPage> for super::VersionResultsPage {
            type Error = super::error::ConversionError;
            fn try_from(
                value: VersionResultsPage,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    items: value.items?,
                    next_page: value.next_page?,
                })
            }
        }
        impl ::std::convert::From<super::VersionResultsPage> for VersionResultsPage {
            fn from(value: super::VersionResultsPage) -> Self {
                Self {
                    items: Ok(value.items),
                    next_page: Ok(value.next_page),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Webhook {
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            created_by: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            dataset_id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            disabled_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            id: ::std::result::Result<::uuid::Uuid, ::std::string::String>,
            types: ::std::result::Result<
                ::std::vec::Vec<::std::string::String>,
                ::std::string::String,
            >,
            url: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for Webhook {
            fn default() -> Self {
                Self {
                    created_at: Err("no value supplied for created_at".to_string()),
                    created_by: Ok(Default::default()),
                    dataset_id: Err("no value supplied for dataset_id".to_string()),
                    disabled_at: Ok(Default::default()),
                    id: Err("no value supplied for id".to_string()),
                    types: Err("no value supplied for types".to_string()),
                    url: Err("no value supplied for url".to_string()),
                }
            }
        }
        impl Webhook {
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn created_by<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_by = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_by: {e}")
                    });
                self
            }
            pub fn dataset_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.dataset_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for dataset_id: {e}")
                    });
                self
            }
            pub fn disabled_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.disabled_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for disabled_at: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::uuid::Uuid>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn types<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.types = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for types: {e}")
                    });
                self
            }
            pub fn url<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.url = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for url: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Webhook> for super::Webhook {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Webhook,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    created_at: value.created_at?,
                    created_by: value.created_by?,
                    dataset_id: value.dataset_id?,
                    disabled_at: value.disabled_at?,
                    id: value.id?,
                    types: value.types?,
                    url: value.url?,
                })
            }
        }
        impl ::std::convert::From<super::Webhook> for Webhook {
            fn from(value: super::Webhook) -> Self {
                Self {
                    created_at: Ok(value.created_at),
                    created_by: Ok(value.created_by),
                    dataset_id: Ok(value.dataset_id),
                    disabled_at: Ok(value.disabled_at),
                    id: Ok(value.id),
                    types: Ok(value.types),
                    url: Ok(value.url),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct WebhookResultsPage {
            items: ::std::result::Result<
                ::std::vec::Vec<super::Webhook>,
                ::std::string::String,
            >,
            next_page: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for WebhookResultsPage {
            fn default() -> Self {
                Self {
                    items: Err("no value supplied for items".to_string()),
                    next_page: Ok(Default::default()),
                }
            }
        }
        impl WebhookResultsPage {
            pub fn items<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Webhook>>,
                T::Error: ::std::fmt::Display,
            {
                self.items = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for items: {e}")
                    });
                self
            }
            pub fn next_page<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.next_page = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for next_page: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<WebhookResultsPage> for super::WebhookResultsPage {
            type Error = super::error::ConversionError;
            fn try_from(
                value: WebhookResultsPage,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    items: value.items?,
                    next_page: value.next_page?,
                })
            }
        }
        impl ::std::convert::From<super::WebhookResultsPage> for WebhookResultsPage {
            fn from(value: super::WebhookResultsPage) -> Self {
                Self {
                    items: Ok(value.items),
                    next_page: Ok(value.next_page),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct WebhookSecret {
            secret: ::std::result::Result<::std::string::String, ::std::string::String>,
            webhook: ::std::result::Result<super::Webhook, ::std::string::String>,
        }
        impl ::std::default::Default for WebhookSecret {
            fn default() -> Self {
                Self {
                    secret: Err("no value supplied for secret".to_string()),
                    webhook: Err("no value supplied for webhook".to_string()),
                }
            }
        }
        impl WebhookSecret {
            pub fn secret<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.secret = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for secret: {e}")
                    });
                self
            }
            pub fn webhook<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Webhook>,
                T::Error: ::std::fmt::Display,
            {
                self.webhook = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for webhook: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<WebhookSecret> for super::WebhookSecret {
            type Error = super::error::ConversionError;
            fn try_from(
                value: WebhookSecret,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    secret: value.secret?,
                    webhook: value.webhook?,
                })
            }
        }
        impl ::std::convert::From<super::WebhookSecret> for WebhookSecret {
            fn from(value: super::WebhookSecret) -> Self {
                Self {
                    secret: Ok(value.secret),
                    webhook: Ok(value.webhook),
                }
            }
        }
    }
    /// Generation of default values for serde.
    pub mod defaults {
        pub(super) fn default_u64<T, const V: u64>() -> T
        where
            T: ::std::convert::TryFrom<u64>,
            <T as ::std::convert::TryFrom<u64>>::Error: ::std::fmt::Debug,
        {
            T::try_from(V).unwrap()
        }
        pub(super) fn presigned_upload_request_content_type() -> super::ContentType {
            super::ContentType("application/octet-stream".to_string())
        }
    }
    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl ::std::fmt::Debug for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<&'static str> for ConversionError {
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }
        impl From<String> for ConversionError {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
}
#[derive(Clone, Debug)]
/**Client for Restow

Replace the data of a dataset by uploading straight to S3.

1. Request URLs. There is one for each part, in the order of the parts: all parts but the last have `part_size` bytes, and an upload without a `part_size` has one part.
2. PUT the bytes of each part to its URL, without a bearer token. S3 returns an ETag, and errors as XML; 403 or 400 means that the URL has expired, 403 also that the body has the wrong size. Fresh URLs can be requested at any time.
3. Complete the upload, and poll the job until it is `ready`. A job whose content cannot be read as it stands is `rejected` and keeps its upload: inspect it again with other read options.
4. Check the preview, and commit: the object becomes the dataset's current version.

The server signs the URLs and inspects the object; uploads and downloads do not pass through it.

The base URL of all paths is the server's with `/api` behind it, for example `https://restow.example/api`.

Responses to GET, other than downloads, have a weak `ETag`; a request with `If-None-Match` that names it gets 304.

## Errors

The body of every error response of an operation has the schema `HTTPValidationError`, whose `detail` is never empty. `loc` is the location of the error: `body`, `path`, `query`, `header`, `method` or `server`, then names and indexes. `type` is a stable machine code for programs to act on; `msg` is for people, and `ctx` contains the values that it mentions. All schema violations in a request are reported in one 422 response, up to a thousand. With 429 and 503, `Retry-After` is the number of seconds to wait. Where the `ctx` of `unavailable` has a `permanent` that is true, a retry fails until the operator of the server has corrected what `reason` and `msg` say.

- `missing` (422): A required member is missing.
- `string_type` (422): Not a string.
- `string_too_short` (422): Fewer code points than allowed.
- `string_too_long` (422): More code points than allowed.
- `string_pattern_mismatch` (422): A string that does not match the pattern.
- `int_type` (422): Not an integer.
- `int_from_float` (422): A number with a fraction where an integer is expected.
- `bool_type` (422): Not a boolean.
- `list_type` (422): Not a list.
- `too_short` (422): A list with fewer items than allowed.
- `too_long` (422): A list with more items than allowed.
- `greater_than_equal` (422): Below the minimum.
- `less_than_equal` (422): Above the maximum.
- `uuid_parsing` (422): Not a UUID in hyphenated form.
- `enum` (422): Not one of the values of an enumeration.
- `json_invalid` (422): Not JSON.
- `model_attributes_type` (422): Not an object.
- `value_error` (422): Any other violation of the schema.
- `extension_not_allowed` (422): The server does not accept the filename's extension.
- `unknown_issuer` (422): The server is not configured to trust the issuer.
- `idempotency_key_reused` (422): The idempotency key was used for another request.
- `webhook_url_not_allowed` (422): Events are not sent to the URL.
- `not_authenticated` (401): No bearer token.
- `invalid_token` (401): A bearer token that is unknown, expired or revoked.
- `forbidden` (403): A token or a principal that may not do this.
- `not_found` (404): The resource does not exist, or belongs to another principal.
- `method_not_allowed` (405): The path does not support the method; `Allow` lists the supported ones.
- `request_timeout` (408): The body did not arrive in time.
- `version_conflict` (409): The current version is not the one that the request replaces.
- `invalid_state` (409): The job's state does not allow the operation.
- `parts_mismatch` (409): Parts are missing, wrong or not planned.
- `breaking_change` (409): The commit would make changes that the policy of the dataset refuses.
- `name_taken` (409): Another dataset of the principal has this name.
- `too_many_webhooks` (409): The dataset has the maximum number of webhooks.
- `body_too_large` (413): The body is larger than the operation accepts.
- `file_too_large` (413): The file is larger than the server accepts.
- `quota_exceeded` (413): The file would exceed the principal's storage quota.
- `too_many_open_jobs` (429): The principal has the maximum number of open jobs.
- `rate_limited` (429): The caller, or its address, has sent too many requests, or requested too many URLs.
- `too_many_streams` (429): The principal has the maximum number of open streams of events.
- `unsupported_media_type` (415): The media type of the body is not JSON.
- `unavailable` (503): A dependency of the server is unavailable.

A method that a path does not support returns 405 with `Allow` and the code `method_not_allowed`; `HEAD` is supported wherever `GET` is, and `OPTIONS` everywhere. Where the path is unknown or cannot be decoded, or the method is not a standard HTTP method, the body differs: `{"request_id": string, "message": string}`, sometimes with an `error_code`, with status 404, 400 or 405. The response to a request that is not valid HTTP, or whose head is too long, has no body.

## Findings

What an inspection has to say about the content of an object is a list of findings, in the preview of its job. A finding whose `severity` is `error` makes the job `rejected`.

- `delimiter_detected`: Fields are separated by another character than the one that the filename suggests.
- `encoding_detected`: The text is in another encoding than UTF-8 without a byte order mark, or is compressed.
- `preamble_skipped`: Lines before the header, or comment lines, were skipped.
- `header_looks_like_data`: The first row looks like data: there may be no header.
- `header_missing_names`: Columns of the header have no name.
- `duplicate_names`: Several columns have the same name.
- `single_column`: Delimited text has only one column.
- `ragged_rows`: Rows have another number of fields than the header.
- `text_after_quote`: Text follows a closing quote.
- `quoted_line_breaks`: Quoted fields contain line breaks.
- `unclosed_quote`: A quoted field is never closed.
- `invalid_encoding`: Bytes are not valid in the encoding of the text.
- `nul_bytes`: The text contains NUL characters.
- `null_markers`: All values of a column but some that look like null markers have a narrower type.
- `mixed_types`: The values of a column have types that do not go together.
- `duplicate_keys`: JSON objects contain a key several times; the last value counts.
- `invalid_number`: A number is not valid JSON (`NaN`, `Infinity`) or does not fit.
- `invalid_json`: A line or the object is not valid JSON, or not the JSON that its format wants.
- `looks_like_json`: The content is JSON, not the format of the filename.
- `looks_like_pointer`: The object is a Git LFS pointer instead of the data.
- `content_mismatch`: The content is in another format than the one that the filename or the caller states.
- `damaged`: The object is damaged or truncated.
- `no_rows`: There is no row and no header.
- `sample_incomplete`: Some values of the sample cannot be decoded and are null.
- `unknown_nulls`: The number of null values of a column is not known.
- `unsupported_codec`: A compression codec, an encoding or an encryption that is not supported.
- `inspection_bounded`: A limit of the inspection was reached: what is beyond it is not known.

## Changes

How an object differs from a version of its dataset is a list of changes, `schema_diff` in the preview of its job. The policy of the dataset says which of them a commit may make.

- `column_added`: A column is new. Compatible.
- `column_removed`: A column is missing. Breaking.
- `column_renamed`: A missing column has the content of a new one: it may have been renamed. Breaking.
- `type_fits`: The type of a column changed, and every value fits the schema. Compatible.
- `type_breaks`: The type of a column changed, and values do not fit the schema. Breaking.
- `nulls_appeared`: A column that never contained null values contains some. Breaking where the schema declares that it cannot contain null values.
- `order_changed`: Columns are in another order. Breaking for delimited text without a header.
- `format_changed`: The format, or the compression of the whole file, changed. Breaking.
- `dialect_changed`: Delimiter, quoting, encoding, header or decimal mark changed. Breaking.
- `rows_lost`: There are fewer rows. Compatible.

Version: 1.0.0*/
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
}
impl Client {
    /// Create a new client.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    pub fn new(baseurl: &str) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        let client = {
            let dur = ::std::time::Duration::from_secs(15u64);
            reqwest::ClientBuilder::new().connect_timeout(dur).timeout(dur)
        };
        #[cfg(target_arch = "wasm32")]
        let client = reqwest::ClientBuilder::new();
        Self::new_with_client(baseurl, client.build().unwrap())
    }
    /// Construct a new client with an existing `reqwest::Client`,
    /// allowing more control over its configuration.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    pub fn new_with_client(baseurl: &str, client: reqwest::Client) -> Self {
        Self {
            baseurl: baseurl.to_string(),
            client,
        }
    }
}
impl ClientInfo<()> for Client {
    fn api_version() -> &'static str {
        "1.0.0"
    }
    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
    fn inner(&self) -> &() {
        &()
    }
}
impl ClientHooks<()> for &Client {}
impl Client {
    /**Get Caller

Read whose the request's token is, and what it is for.

Sends a `GET` request to `/caller`

```ignore
let response = client.get_caller()
    .send()
    .await;
```*/
    pub fn get_caller(&self) -> builder::GetCaller<'_> {
        builder::GetCaller::new(self)
    }
    /**List Datasets

List the datasets of the caller, oldest first.

Sends a `GET` request to `/datasets`

Arguments:
- `limit`: Maximum number of items to return: 1 to 1,000, by default 100.
- `name`: Only datasets with exactly this name, compared in Unicode's normalization form C (NFC): one of each owner at most.
- `owner`: Only datasets of the principal with exactly this name. The next pages are those of the same list.
- `page_token`: Token of the page: `next_page` of the previous page. Omitted for the first page.
- `shared`: Whether to list what others have shared with the caller too. The next pages are those of the same list.
```ignore
let response = client.list_datasets()
    .limit(limit)
    .name(name)
    .owner(owner)
    .page_token(page_token)
    .shared(shared)
    .send()
    .await;
```*/
    pub fn list_datasets(&self) -> builder::ListDatasets<'_> {
        builder::ListDatasets::new(self)
    }
    /**Create Dataset

Create a dataset, which has no versions yet.

Sends a `POST` request to `/datasets`

Arguments:
- `idempotency_key`: Makes a retry safe: a repeated request with the same key, which the client chooses at random, creates nothing again, and gets the same response. The key is remembered for a day. It has 1 to 255 characters, in quotes as a string of RFC 8941, or without.
- `body`
```ignore
let response = client.create_dataset()
    .idempotency_key(idempotency_key)
    .body(body)
    .send()
    .await;
```*/
    pub fn create_dataset(&self) -> builder::CreateDataset<'_> {
        builder::CreateDataset::new(self)
    }
    /**Get Dataset

Read one dataset.

Sends a `GET` request to `/datasets/{dataset_id}`

```ignore
let response = client.get_dataset()
    .dataset_id(dataset_id)
    .send()
    .await;
```*/
    pub fn get_dataset(&self) -> builder::GetDataset<'_> {
        builder::GetDataset::new(self)
    }
    /**Delete Dataset

Delete a dataset with all its versions. Its jobs are cancelled. The deletion can be undone for a while.

Sends a `DELETE` request to `/datasets/{dataset_id}`

```ignore
let response = client.delete_dataset()
    .dataset_id(dataset_id)
    .send()
    .await;
```*/
    pub fn delete_dataset(&self) -> builder::DeleteDataset<'_> {
        builder::DeleteDataset::new(self)
    }
    /**Update Dataset

Change the name or the policy of a dataset.

Sends a `PATCH` request to `/datasets/{dataset_id}`

```ignore
let response = client.update_dataset()
    .dataset_id(dataset_id)
    .body(body)
    .send()
    .await;
```*/
    pub fn update_dataset(&self) -> builder::UpdateDataset<'_> {
        builder::UpdateDataset::new(self)
    }
    /**Diff Versions

Compare two versions of a dataset.

Sends a `GET` request to `/datasets/{dataset_id}/diff`

Arguments:
- `dataset_id`
- `from`: Version to compare with.
- `to`: Version that is compared. By default the current one.
```ignore
let response = client.diff_versions()
    .dataset_id(dataset_id)
    .from(from)
    .to(to)
    .send()
    .await;
```*/
    pub fn diff_versions(&self) -> builder::DiffVersions<'_> {
        builder::DiffVersions::new(self)
    }
    /**Download Dataset

Sign URLs to download the current version's object, or redirect to it.

Sends a `GET` request to `/datasets/{dataset_id}/download`

Arguments:
- `dataset_id`
- `redirect`: Whether to redirect to the object with 303, as for `curl -L`, in the place of a response with the URLs. A HEAD request is redirected to a URL for HEAD.
```ignore
let response = client.download_dataset()
    .dataset_id(dataset_id)
    .redirect(redirect)
    .send()
    .await;
```*/
    pub fn download_dataset(&self) -> builder::DownloadDataset<'_> {
        builder::DownloadDataset::new(self)
    }
    /**List Dataset Events

List what happened to a dataset, newest first: every change, and refusals for lack of permission. With `Accept: text/event-stream`, the response is a stream of the changes, as they happen, in their order; it ends when the server stops, and is resumed with `Last-Event-ID`.

Sends a `GET` request to `/datasets/{dataset_id}/events`

Arguments:
- `dataset_id`
- `limit`: Maximum number of items to return: 1 to 1,000, by default 100.
- `page_token`: Token of the page: `next_page` of the previous page. Omitted for the first page.
- `principal`: Only events of the principal with this name.
- `since`: Only events at this time or later.
- `type_`: Only events of this type.
- `last_event_id`: Only with `Accept: text/event-stream`: the stream begins behind the event with this number. Without it, the stream of a job begins with the job, and that of a dataset with what happens from now on. Where the server has not given the number, for example since its database was restored from a backup, the stream begins with an event of the type `stream.reset`, and then with the oldest event that is kept.
```ignore
let response = client.list_dataset_events()
    .dataset_id(dataset_id)
    .limit(limit)
    .page_token(page_token)
    .principal(principal)
    .since(since)
    .type_(type_)
    .last_event_id(last_event_id)
    .send()
    .await;
```*/
    pub fn list_dataset_events(&self) -> builder::ListDatasetEvents<'_> {
        builder::ListDatasetEvents::new(self)
    }
    /**List Grants

List what other principals may do with a dataset.

Sends a `GET` request to `/datasets/{dataset_id}/grants`

Arguments:
- `dataset_id`
- `limit`: Maximum number of items to return: 1 to 1,000, by default 100.
- `page_token`: Token of the page: `next_page` of the previous page. Omitted for the first page.
```ignore
let response = client.list_grants()
    .dataset_id(dataset_id)
    .limit(limit)
    .page_token(page_token)
    .send()
    .await;
```*/
    pub fn list_grants(&self) -> builder::ListGrants<'_> {
        builder::ListGrants::new(self)
    }
    /**Put Grant

Share a dataset with a principal, or change its role. Takes effect within five seconds. Safe to repeat.

Sends a `PUT` request to `/datasets/{dataset_id}/grants/{principal}`

```ignore
let response = client.put_grant()
    .dataset_id(dataset_id)
    .principal(principal)
    .body(body)
    .send()
    .await;
```*/
    pub fn put_grant(&self) -> builder::PutGrant<'_> {
        builder::PutGrant::new(self)
    }
    /**Delete Grant

Stop sharing a dataset with a principal. Takes effect within five seconds, also for the trust rules and webhooks that the principal created as an owner; URLs that were issued before stay valid until they expire.

Sends a `DELETE` request to `/datasets/{dataset_id}/grants/{principal}`

```ignore
let response = client.delete_grant()
    .dataset_id(dataset_id)
    .principal(principal)
    .send()
    .await;
```*/
    pub fn delete_grant(&self) -> builder::DeleteGrant<'_> {
        builder::DeleteGrant::new(self)
    }
    /**List Jobs

List the jobs of a dataset, newest first.

Sends a `GET` request to `/datasets/{dataset_id}/jobs`

Arguments:
- `dataset_id`
- `limit`: Maximum number of items to return: 1 to 1,000, by default 100.
- `page_token`: Token of the page: `next_page` of the previous page. Omitted for the first page.
- `status`: Only jobs in this state.
```ignore
let response = client.list_jobs()
    .dataset_id(dataset_id)
    .limit(limit)
    .page_token(page_token)
    .status(status)
    .send()
    .await;
```*/
    pub fn list_jobs(&self) -> builder::ListJobs<'_> {
        builder::ListJobs::new(self)
    }
    /**Request Presigned Reupload

Request presigned URL(s) for direct-to-S3 reupload.

Sends a `POST` request to `/datasets/{dataset_id}/reupload/presigned`

```ignore
let response = client.request_presigned_reupload()
    .dataset_id(dataset_id)
    .body(body)
    .send()
    .await;
```*/
    pub fn request_presigned_reupload(&self) -> builder::RequestPresignedReupload<'_> {
        builder::RequestPresignedReupload::new(self)
    }
    /**Complete Presigned Reupload

Check the uploaded parts and assemble them in S3; then poll the job until it is `ready` or `rejected`, or with `commit` until it is committed. Safe to repeat: an error changes nothing, and after success the response contains the job's state.

Sends a `POST` request to `/datasets/{dataset_id}/reupload/presigned/{job_id}/complete`

Arguments:
- `dataset_id`: Identifier of the dataset.
- `job_id`: Identifier of the ingestion job.
- `body`
```ignore
let response = client.complete_presigned_reupload()
    .dataset_id(dataset_id)
    .job_id(job_id)
    .body(body)
    .send()
    .await;
```*/
    pub fn complete_presigned_reupload(&self) -> builder::CompletePresignedReupload<'_> {
        builder::CompletePresignedReupload::new(self)
    }
    /**List Trust Rules

List which CI jobs may publish to a dataset without a stored secret, oldest first.

Sends a `GET` request to `/datasets/{dataset_id}/trust-rules`

Arguments:
- `dataset_id`
- `limit`: Maximum number of items to return: 1 to 1,000, by default 100.
- `page_token`: Token of the page: `next_page` of the previous page. Omitted for the first page.
```ignore
let response = client.list_trust_rules()
    .dataset_id(dataset_id)
    .limit(limit)
    .page_token(page_token)
    .send()
    .await;
```*/
    pub fn list_trust_rules(&self) -> builder::ListTrustRules<'_> {
        builder::ListTrustRules::new(self)
    }
    /**Create Trust Rule

Let CI jobs publish to a dataset without a stored secret: those whose token has all of the rule's values. The rule counts for as long as who created it owns the dataset, has the role `owner` on it, or is an administrator.

Sends a `POST` request to `/datasets/{dataset_id}/trust-rules`

```ignore
let response = client.create_trust_rule()
    .dataset_id(dataset_id)
    .body(body)
    .send()
    .await;
```*/
    pub fn create_trust_rule(&self) -> builder::CreateTrustRule<'_> {
        builder::CreateTrustRule::new(self)
    }
    /**Delete Trust Rule

Delete a trust rule. The tokens that were issued by it are revoked, and refused within five seconds.

Sends a `DELETE` request to `/datasets/{dataset_id}/trust-rules/{rule_id}`

```ignore
let response = client.delete_trust_rule()
    .dataset_id(dataset_id)
    .rule_id(rule_id)
    .send()
    .await;
```*/
    pub fn delete_trust_rule(&self) -> builder::DeleteTrustRule<'_> {
        builder::DeleteTrustRule::new(self)
    }
    /**Undelete Dataset

Undo the deletion of a dataset, with all its versions, while they are still kept (7 days unless the server is configured otherwise). Its jobs stay cancelled. Safe to repeat.

Sends a `POST` request to `/datasets/{dataset_id}/undelete`

```ignore
let response = client.undelete_dataset()
    .dataset_id(dataset_id)
    .send()
    .await;
```*/
    pub fn undelete_dataset(&self) -> builder::UndeleteDataset<'_> {
        builder::UndeleteDataset::new(self)
    }
    /**List Versions

List the versions of a dataset, newest first.

Sends a `GET` request to `/datasets/{dataset_id}/versions`

Arguments:
- `dataset_id`
- `limit`: Maximum number of items to return: 1 to 1,000, by default 100.
- `page_token`: Token of the page: `next_page` of the previous page. Omitted for the first page.
```ignore
let response = client.list_versions()
    .dataset_id(dataset_id)
    .limit(limit)
    .page_token(page_token)
    .send()
    .await;
```*/
    pub fn list_versions(&self) -> builder::ListVersions<'_> {
        builder::ListVersions::new(self)
    }
    /**Get Version

Read one version. A token without the scope `read` gets no statistics of columns that show values.

Sends a `GET` request to `/datasets/{dataset_id}/versions/{version}`

Arguments:
- `dataset_id`: Identifier of the dataset.
- `version`: Number of the version, from 1.
```ignore
let response = client.get_version()
    .dataset_id(dataset_id)
    .version(version)
    .send()
    .await;
```*/
    pub fn get_version(&self) -> builder::GetVersion<'_> {
        builder::GetVersion::new(self)
    }
    /**Download Version

Sign URLs to download a version's object, or redirect to it.

Sends a `GET` request to `/datasets/{dataset_id}/versions/{version}/download`

Arguments:
- `dataset_id`: Identifier of the dataset.
- `version`: Number of the version, from 1.
- `redirect`: Whether to redirect to the object with 303, as for `curl -L`, in the place of a response with the URLs. A HEAD request is redirected to a URL for HEAD.
```ignore
let response = client.download_version()
    .dataset_id(dataset_id)
    .version(version)
    .redirect(redirect)
    .send()
    .await;
```*/
    pub fn download_version(&self) -> builder::DownloadVersion<'_> {
        builder::DownloadVersion::new(self)
    }
    /**Restore Version

Make an old version the current one. Safe to repeat: a version that is already current stays current.

Sends a `POST` request to `/datasets/{dataset_id}/versions/{version}/restore`

Arguments:
- `dataset_id`: Identifier of the dataset.
- `version`: Number of the version, from 1.
- `body`
```ignore
let response = client.restore_version()
    .dataset_id(dataset_id)
    .version(version)
    .body(body)
    .send()
    .await;
```*/
    pub fn restore_version(&self) -> builder::RestoreVersion<'_> {
        builder::RestoreVersion::new(self)
    }
    /**List Webhooks

List the webhooks of a dataset, oldest first.

Sends a `GET` request to `/datasets/{dataset_id}/webhooks`

Arguments:
- `dataset_id`
- `limit`: Maximum number of items to return: 1 to 1,000, by default 100.
- `page_token`: Token of the page: `next_page` of the previous page. Omitted for the first page.
```ignore
let response = client.list_webhooks()
    .dataset_id(dataset_id)
    .limit(limit)
    .page_token(page_token)
    .send()
    .await;
```*/
    pub fn list_webhooks(&self) -> builder::ListWebhooks<'_> {
        builder::ListWebhooks::new(self)
    }
    /**Create Webhook

Have events of a dataset sent to a URL by POST, signed by the scheme of Standard Webhooks. The secret is in this response only. An event is sent again for a day until the receiver responds with 2xx; redirects are not followed. Events are sent for as long as who created the webhook owns the dataset, has the role `owner` on it, or is an administrator.

Sends a `POST` request to `/datasets/{dataset_id}/webhooks`

```ignore
let response = client.create_webhook()
    .dataset_id(dataset_id)
    .body(body)
    .send()
    .await;
```*/
    pub fn create_webhook(&self) -> builder::CreateWebhook<'_> {
        builder::CreateWebhook::new(self)
    }
    /**Delete Webhook

Delete a webhook with its deliveries. Those that are being sent may still arrive.

Sends a `DELETE` request to `/datasets/{dataset_id}/webhooks/{webhook_id}`

```ignore
let response = client.delete_webhook()
    .dataset_id(dataset_id)
    .webhook_id(webhook_id)
    .send()
    .await;
```*/
    pub fn delete_webhook(&self) -> builder::DeleteWebhook<'_> {
        builder::DeleteWebhook::new(self)
    }
    /**List Deliveries

List what was sent to a webhook, and what became of it, newest first.

Sends a `GET` request to `/datasets/{dataset_id}/webhooks/{webhook_id}/deliveries`

Arguments:
- `dataset_id`
- `webhook_id`
- `limit`: Maximum number of items to return: 1 to 1,000, by default 100.
- `page_token`: Token of the page: `next_page` of the previous page. Omitted for the first page.
```ignore
let response = client.list_deliveries()
    .dataset_id(dataset_id)
    .webhook_id(webhook_id)
    .limit(limit)
    .page_token(page_token)
    .send()
    .await;
```*/
    pub fn list_deliveries(&self) -> builder::ListDeliveries<'_> {
        builder::ListDeliveries::new(self)
    }
    /**Resend Delivery

Send an event to a webhook again, whatever became of it, with the same `webhook-id`.

Sends a `POST` request to `/datasets/{dataset_id}/webhooks/{webhook_id}/deliveries/{delivery_id}/resend`

```ignore
let response = client.resend_delivery()
    .dataset_id(dataset_id)
    .webhook_id(webhook_id)
    .delivery_id(delivery_id)
    .send()
    .await;
```*/
    pub fn resend_delivery(&self) -> builder::ResendDelivery<'_> {
        builder::ResendDelivery::new(self)
    }
    /**Rotate Webhook Secret

Give a webhook another secret, which is in this response only. For a day, messages are signed with the earlier ones too.

Sends a `POST` request to `/datasets/{dataset_id}/webhooks/{webhook_id}/rotate`

```ignore
let response = client.rotate_webhook_secret()
    .dataset_id(dataset_id)
    .webhook_id(webhook_id)
    .send()
    .await;
```*/
    pub fn rotate_webhook_secret(&self) -> builder::RotateWebhookSecret<'_> {
        builder::RotateWebhookSecret::new(self)
    }
    /**List Events

List what happened in the whole deployment, newest first: every change, and refusals for lack of permission. Only for administrators.

Sends a `GET` request to `/events`

Arguments:
- `limit`: Maximum number of items to return: 1 to 1,000, by default 100.
- `page_token`: Token of the page: `next_page` of the previous page. Omitted for the first page.
- `principal`: Only events of the principal with this name.
- `since`: Only events at this time or later.
- `type_`: Only events of this type.
```ignore
let response = client.list_events()
    .limit(limit)
    .page_token(page_token)
    .principal(principal)
    .since(since)
    .type_(type_)
    .send()
    .await;
```*/
    pub fn list_events(&self) -> builder::ListEvents<'_> {
        builder::ListEvents::new(self)
    }
    /**Get Job

Read the state of a job. After completing the upload, poll about once a second until it is `ready`, `rejected` or final.

Sends a `GET` request to `/jobs/{job_id}`

Arguments:
- `job_id`: Identifier of the job.
```ignore
let response = client.get_job()
    .job_id(job_id)
    .send()
    .await;
```*/
    pub fn get_job(&self) -> builder::GetJob<'_> {
        builder::GetJob::new(self)
    }
    /**Cancel Job

Cancel a job and remove what it has uploaded. Safe to repeat.

Sends a `POST` request to `/jobs/{job_id}/cancel`

Arguments:
- `job_id`: Identifier of the job.
```ignore
let response = client.cancel_job()
    .job_id(job_id)
    .send()
    .await;
```*/
    pub fn cancel_job(&self) -> builder::CancelJob<'_> {
        builder::CancelJob::new(self)
    }
    /**Commit Job

Make the object of a job that is `ready`, or with `uninspected` in `accept` also `rejected`, the dataset's current version. Changes that the policy of the dataset refuses have to be accepted. An object with the same bytes as the current version makes no new one unless `force` is true: the current version is returned. Safe to repeat: a job that is already committed returns the version that it became.

Sends a `POST` request to `/jobs/{job_id}/commit`

Arguments:
- `job_id`: Identifier of the job.
- `body`
```ignore
let response = client.commit_job()
    .job_id(job_id)
    .body(body)
    .send()
    .await;
```*/
    pub fn commit_job(&self) -> builder::CommitJob<'_> {
        builder::CommitJob::new(self)
    }
    /**List Job Events

List what happened to a job, newest first. With `Accept: text/event-stream`, the response is a stream of the changes, from the creation of the job to its end, as they happen; it is resumed with `Last-Event-ID`.

Sends a `GET` request to `/jobs/{job_id}/events`

Arguments:
- `job_id`: Identifier of the job.
- `limit`: Maximum number of items to return: 1 to 1,000, by default 100.
- `page_token`: Token of the page: `next_page` of the previous page. Omitted for the first page.
- `principal`: Only events of the principal with this name.
- `since`: Only events at this time or later.
- `type_`: Only events of this type.
- `last_event_id`: Only with `Accept: text/event-stream`: the stream begins behind the event with this number. Without it, the stream of a job begins with the job, and that of a dataset with what happens from now on. Where the server has not given the number, for example since its database was restored from a backup, the stream begins with an event of the type `stream.reset`, and then with the oldest event that is kept.
```ignore
let response = client.list_job_events()
    .job_id(job_id)
    .limit(limit)
    .page_token(page_token)
    .principal(principal)
    .since(since)
    .type_(type_)
    .last_event_id(last_event_id)
    .send()
    .await;
```*/
    pub fn list_job_events(&self) -> builder::ListJobEvents<'_> {
        builder::ListJobEvents::new(self)
    }
    /**Inspect Job

Inspect the object of a job that is `ready` or `rejected` again, with other read options. Nothing is uploaded again.

Sends a `POST` request to `/jobs/{job_id}/inspect`

Arguments:
- `job_id`: Identifier of the job.
- `body`
```ignore
let response = client.inspect_job()
    .job_id(job_id)
    .body(body)
    .send()
    .await;
```*/
    pub fn inspect_job(&self) -> builder::InspectJob<'_> {
        builder::InspectJob::new(self)
    }
    /**List Parts

List the parts that S3 already holds, ordered by number, so that an upload can be resumed.

Sends a `GET` request to `/jobs/{job_id}/parts`

Arguments:
- `job_id`: Identifier of the job.
- `limit`: Maximum number of items to return: 1 to 1,000, by default 100.
- `page_token`: Token of the page: `next_page` of the previous page. Omitted for the first page.
```ignore
let response = client.list_parts()
    .job_id(job_id)
    .limit(limit)
    .page_token(page_token)
    .send()
    .await;
```*/
    pub fn list_parts(&self) -> builder::ListParts<'_> {
        builder::ListParts::new(self)
    }
    /**Get Preview

Read the result of the inspection, and how it differs from the version that it replaces. A token without the scope `read` gets no values of the object: the sample and the examples of findings are empty, and so are the statistics of columns that show values.

Sends a `GET` request to `/jobs/{job_id}/preview`

Arguments:
- `job_id`: Identifier of the job.
```ignore
let response = client.get_preview()
    .job_id(job_id)
    .send()
    .await;
```*/
    pub fn get_preview(&self) -> builder::GetPreview<'_> {
        builder::GetPreview::new(self)
    }
    /**Request Part URLs

Sign fresh URLs for parts of an upload, which also extends the job's deadline.

Sends a `POST` request to `/jobs/{job_id}/urls`

Arguments:
- `job_id`: Identifier of the job.
- `body`
```ignore
let response = client.request_part_urls()
    .job_id(job_id)
    .body(body)
    .send()
    .await;
```*/
    pub fn request_part_urls(&self) -> builder::RequestPartUrls<'_> {
        builder::RequestPartUrls::new(self)
    }
    /**Exchange Token

Exchange the OpenID Connect token of a CI job for a token that is valid for 15 minutes, and may upload to the dataset and commit. The CI job must match a trust rule of the dataset, and its token is accepted once. The request needs no bearer token.

Sends a `POST` request to `/token-exchange`

```ignore
let response = client.exchange_token()
    .body(body)
    .send()
    .await;
```*/
    pub fn exchange_token(&self) -> builder::ExchangeToken<'_> {
        builder::ExchangeToken::new(self)
    }
    /**List Tokens

List the tokens of the caller, oldest first, without their secrets. A token that is restricted to datasets lists only those that are for some of them and no other.

Sends a `GET` request to `/tokens`

Arguments:
- `limit`: Maximum number of items to return: 1 to 1,000, by default 100.
- `page_token`: Token of the page: `next_page` of the previous page. Omitted for the first page.
- `principal`: Principal whose tokens are listed: by default the caller's own. Others are for administrators, with a token that is not restricted to datasets.
```ignore
let response = client.list_tokens()
    .limit(limit)
    .page_token(page_token)
    .principal(principal)
    .send()
    .await;
```*/
    pub fn list_tokens(&self) -> builder::ListTokens<'_> {
        builder::ListTokens::new(self)
    }
    /**Create Token

Create a token that may do no more than the one that creates it, and expires no later. It is revoked with the token that creates it. Its secret is in this response only.

Sends a `POST` request to `/tokens`

```ignore
let response = client.create_token()
    .body(body)
    .send()
    .await;
```*/
    pub fn create_token(&self) -> builder::CreateToken<'_> {
        builder::CreateToken::new(self)
    }
    /**Revoke Token

Revoke a token, and those that were created with it. Every server refuses them within five seconds; URLs that were issued before stay valid until they expire. A token that is restricted to datasets revokes only those that it lists. Safe to repeat.

Sends a `DELETE` request to `/tokens/{token_id}`

```ignore
let response = client.revoke_token()
    .token_id(token_id)
    .send()
    .await;
```*/
    pub fn revoke_token(&self) -> builder::RevokeToken<'_> {
        builder::RevokeToken::new(self)
    }
}
/// Types for composing operation parameters.
#[allow(clippy::all)]
pub mod builder {
    use super::types;
    #[allow(unused_imports)]
    use super::{
        encode_path, ByteStream, ClientInfo, ClientHooks, Error, OperationInfo,
        RequestBuilderExt, ResponseValue,
    };
    /**Builder for [`Client::get_caller`]

[`Client::get_caller`]: super::Client::get_caller*/
    #[derive(Debug, Clone)]
    pub struct GetCaller<'a> {
        client: &'a super::Client,
    }
    impl<'a> GetCaller<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self { client: client }
        }
        ///Sends a `GET` request to `/caller`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Caller>, Error<types::HttpValidationError>> {
            let Self { client } = self;
            let url = format!("{}/caller", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_caller",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_datasets`]

[`Client::list_datasets`]: super::Client::list_datasets*/
    #[derive(Debug, Clone)]
    pub struct ListDatasets<'a> {
        client: &'a super::Client,
        limit: Result<Option<::std::num::NonZeroU64>, String>,
        name: Result<Option<::std::string::String>, String>,
        owner: Result<Option<::std::string::String>, String>,
        page_token: Result<Option<::std::string::String>, String>,
        shared: Result<Option<bool>, String>,
    }
    impl<'a> ListDatasets<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                limit: Ok(None),
                name: Ok(None),
                owner: Ok(None),
                page_token: Ok(None),
                shared: Ok(None),
            }
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::num::NonZeroU64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: num :: NonZeroU64` for limit failed"
                        .to_string()
                });
            self
        }
        pub fn name<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.name = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for name failed"
                        .to_string()
                });
            self
        }
        pub fn owner<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.owner = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for owner failed"
                        .to_string()
                });
            self
        }
        pub fn page_token<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.page_token = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for page_token failed"
                        .to_string()
                });
            self
        }
        pub fn shared<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
        {
            self.shared = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `bool` for shared failed".to_string());
            self
        }
        ///Sends a `GET` request to `/datasets`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::DatasetResultsPage>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, limit, name, owner, page_token, shared } = self;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let name = name.map_err(Error::InvalidRequest)?;
            let owner = owner.map_err(Error::InvalidRequest)?;
            let page_token = page_token.map_err(Error::InvalidRequest)?;
            let shared = shared.map_err(Error::InvalidRequest)?;
            let url = format!("{}/datasets", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("name", &name))
                .query(&progenitor_client::QueryParam::new("owner", &owner))
                .query(&progenitor_client::QueryParam::new("page_token", &page_token))
                .query(&progenitor_client::QueryParam::new("shared", &shared))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_datasets",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
        ///Streams `GET` requests to `/datasets`
        pub fn stream(
            self,
        ) -> impl futures::Stream<
            Item = Result<types::Dataset, Error<types::HttpValidationError>>,
        > + Unpin + 'a {
            use ::futures::StreamExt;
            use ::futures::TryFutureExt;
            use ::futures::TryStreamExt;
            let next = Self {
                name: Ok(None),
                owner: Ok(None),
                page_token: Ok(None),
                shared: Ok(None),
                ..self.clone()
            };
            self.send()
                .map_ok(move |page| {
                    let page = page.into_inner();
                    let first = futures::stream::iter(page.items).map(Ok);
                    let rest = futures::stream::try_unfold(
                            (page.next_page, next),
                            |(next_page, next)| async {
                                if next_page.is_none() {
                                    Ok(None)
                                } else {
                                    Self {
                                        page_token: Ok(next_page),
                                        ..next.clone()
                                    }
                                        .send()
                                        .map_ok(|page| {
                                            let page = page.into_inner();
                                            Some((
                                                futures::stream::iter(page.items).map(Ok),
                                                (page.next_page, next),
                                            ))
                                        })
                                        .await
                                }
                            },
                        )
                        .try_flatten();
                    first.chain(rest)
                })
                .try_flatten_stream()
                .boxed()
        }
    }
    /**Builder for [`Client::create_dataset`]

[`Client::create_dataset`]: super::Client::create_dataset*/
    #[derive(Debug, Clone)]
    pub struct CreateDataset<'a> {
        client: &'a super::Client,
        idempotency_key: Result<Option<types::IdempotencyKey>, String>,
        body: Result<types::builder::DatasetNameRequest, String>,
    }
    impl<'a> CreateDataset<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                idempotency_key: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn idempotency_key<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::IdempotencyKey>,
        {
            self.idempotency_key = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `IdempotencyKey` for idempotency_key failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::DatasetNameRequest>,
            <V as std::convert::TryInto<
                types::DatasetNameRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `DatasetNameRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::DatasetNameRequest,
            ) -> types::builder::DatasetNameRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/datasets`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Dataset>, Error<types::HttpValidationError>> {
            let Self { client, idempotency_key, body } = self;
            let idempotency_key = idempotency_key.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::DatasetNameRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/datasets", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = idempotency_key {
                header_map.append("Idempotency-Key", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "create_dataset",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_dataset`]

[`Client::get_dataset`]: super::Client::get_dataset*/
    #[derive(Debug, Clone)]
    pub struct GetDataset<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
    }
    impl<'a> GetDataset<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/datasets/{dataset_id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Dataset>, Error<types::HttpValidationError>> {
            let Self { client, dataset_id } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}", client.baseurl, encode_path(& dataset_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_dataset",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::delete_dataset`]

[`Client::delete_dataset`]: super::Client::delete_dataset*/
    #[derive(Debug, Clone)]
    pub struct DeleteDataset<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
    }
    impl<'a> DeleteDataset<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/datasets/{dataset_id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<()>, Error<types::HttpValidationError>> {
            let Self { client, dataset_id } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}", client.baseurl, encode_path(& dataset_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "delete_dataset",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::update_dataset`]

[`Client::update_dataset`]: super::Client::update_dataset*/
    #[derive(Debug, Clone)]
    pub struct UpdateDataset<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        body: Result<types::builder::UpdateDatasetRequest, String>,
    }
    impl<'a> UpdateDataset<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::UpdateDatasetRequest>,
            <V as std::convert::TryInto<
                types::UpdateDatasetRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!(
                        "conversion to `UpdateDatasetRequest` for body failed: {}", s
                    )
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::UpdateDatasetRequest,
            ) -> types::builder::UpdateDatasetRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `PATCH` request to `/datasets/{dataset_id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Dataset>, Error<types::HttpValidationError>> {
            let Self { client, dataset_id, body } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::UpdateDatasetRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}", client.baseurl, encode_path(& dataset_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .patch(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "update_dataset",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::diff_versions`]

[`Client::diff_versions`]: super::Client::diff_versions*/
    #[derive(Debug, Clone)]
    pub struct DiffVersions<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        from: Result<::std::num::NonZeroU64, String>,
        to: Result<Option<::std::num::NonZeroU64>, String>,
    }
    impl<'a> DiffVersions<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                from: Err("from was not initialized".to_string()),
                to: Ok(None),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn from<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::num::NonZeroU64>,
        {
            self.from = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: num :: NonZeroU64` for from failed"
                        .to_string()
                });
            self
        }
        pub fn to<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::num::NonZeroU64>,
        {
            self.to = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: num :: NonZeroU64` for to failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/datasets/{dataset_id}/diff`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::SchemaDiff>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, dataset_id, from, to } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let from = from.map_err(Error::InvalidRequest)?;
            let to = to.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/diff", client.baseurl, encode_path(& dataset_id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("from", &from))
                .query(&progenitor_client::QueryParam::new("to", &to))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "diff_versions",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::download_dataset`]

[`Client::download_dataset`]: super::Client::download_dataset*/
    #[derive(Debug, Clone)]
    pub struct DownloadDataset<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        redirect: Result<Option<bool>, String>,
    }
    impl<'a> DownloadDataset<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                redirect: Ok(None),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn redirect<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
        {
            self.redirect = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `bool` for redirect failed".to_string());
            self
        }
        ///Sends a `GET` request to `/datasets/{dataset_id}/download`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Download>, Error<types::HttpValidationError>> {
            let Self { client, dataset_id, redirect } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let redirect = redirect.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/download", client.baseurl, encode_path(& dataset_id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("redirect", &redirect))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "download_dataset",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_dataset_events`]

[`Client::list_dataset_events`]: super::Client::list_dataset_events*/
    #[derive(Debug, Clone)]
    pub struct ListDatasetEvents<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        limit: Result<Option<::std::num::NonZeroU64>, String>,
        page_token: Result<Option<::std::string::String>, String>,
        principal: Result<Option<::std::string::String>, String>,
        since: Result<Option<::chrono::DateTime<::chrono::offset::Utc>>, String>,
        type_: Result<Option<::std::string::String>, String>,
        last_event_id: Result<Option<types::LastEventId>, String>,
    }
    impl<'a> ListDatasetEvents<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                limit: Ok(None),
                page_token: Ok(None),
                principal: Ok(None),
                since: Ok(None),
                type_: Ok(None),
                last_event_id: Ok(None),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::num::NonZeroU64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: num :: NonZeroU64` for limit failed"
                        .to_string()
                });
            self
        }
        pub fn page_token<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.page_token = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for page_token failed"
                        .to_string()
                });
            self
        }
        pub fn principal<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.principal = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for principal failed"
                        .to_string()
                });
            self
        }
        pub fn since<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
        {
            self.since = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: chrono :: DateTime < :: chrono :: offset :: Utc >` for since failed"
                        .to_string()
                });
            self
        }
        pub fn type_<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.type_ = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for type_ failed"
                        .to_string()
                });
            self
        }
        pub fn last_event_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::LastEventId>,
        {
            self.last_event_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `LastEventId` for last_event_id failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/datasets/{dataset_id}/events`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::EventResultsPage>,
            Error<types::HttpValidationError>,
        > {
            let Self {
                client,
                dataset_id,
                limit,
                page_token,
                principal,
                since,
                type_,
                last_event_id,
            } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let page_token = page_token.map_err(Error::InvalidRequest)?;
            let principal = principal.map_err(Error::InvalidRequest)?;
            let since = since.map_err(Error::InvalidRequest)?;
            let type_ = type_.map_err(Error::InvalidRequest)?;
            let last_event_id = last_event_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/events", client.baseurl, encode_path(& dataset_id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = last_event_id {
                header_map.append("Last-Event-ID", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("page_token", &page_token))
                .query(&progenitor_client::QueryParam::new("principal", &principal))
                .query(&progenitor_client::QueryParam::new("since", &since))
                .query(&progenitor_client::QueryParam::new("type", &type_))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_dataset_events",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
        ///Streams `GET` requests to `/datasets/{dataset_id}/events`
        pub fn stream(
            self,
        ) -> impl futures::Stream<
            Item = Result<types::Event, Error<types::HttpValidationError>>,
        > + Unpin + 'a {
            use ::futures::StreamExt;
            use ::futures::TryFutureExt;
            use ::futures::TryStreamExt;
            let next = Self {
                page_token: Ok(None),
                principal: Ok(None),
                since: Ok(None),
                type_: Ok(None),
                ..self.clone()
            };
            self.send()
                .map_ok(move |page| {
                    let page = page.into_inner();
                    let first = futures::stream::iter(page.items).map(Ok);
                    let rest = futures::stream::try_unfold(
                            (page.next_page, next),
                            |(next_page, next)| async {
                                if next_page.is_none() {
                                    Ok(None)
                                } else {
                                    Self {
                                        page_token: Ok(next_page),
                                        ..next.clone()
                                    }
                                        .send()
                                        .map_ok(|page| {
                                            let page = page.into_inner();
                                            Some((
                                                futures::stream::iter(page.items).map(Ok),
                                                (page.next_page, next),
                                            ))
                                        })
                                        .await
                                }
                            },
                        )
                        .try_flatten();
                    first.chain(rest)
                })
                .try_flatten_stream()
                .boxed()
        }
    }
    /**Builder for [`Client::list_grants`]

[`Client::list_grants`]: super::Client::list_grants*/
    #[derive(Debug, Clone)]
    pub struct ListGrants<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        limit: Result<Option<::std::num::NonZeroU64>, String>,
        page_token: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListGrants<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                limit: Ok(None),
                page_token: Ok(None),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::num::NonZeroU64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: num :: NonZeroU64` for limit failed"
                        .to_string()
                });
            self
        }
        pub fn page_token<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.page_token = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for page_token failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/datasets/{dataset_id}/grants`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::GrantResultsPage>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, dataset_id, limit, page_token } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let page_token = page_token.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/grants", client.baseurl, encode_path(& dataset_id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("page_token", &page_token))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_grants",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
        ///Streams `GET` requests to `/datasets/{dataset_id}/grants`
        pub fn stream(
            self,
        ) -> impl futures::Stream<
            Item = Result<types::Grant, Error<types::HttpValidationError>>,
        > + Unpin + 'a {
            use ::futures::StreamExt;
            use ::futures::TryFutureExt;
            use ::futures::TryStreamExt;
            let next = Self {
                page_token: Ok(None),
                ..self.clone()
            };
            self.send()
                .map_ok(move |page| {
                    let page = page.into_inner();
                    let first = futures::stream::iter(page.items).map(Ok);
                    let rest = futures::stream::try_unfold(
                            (page.next_page, next),
                            |(next_page, next)| async {
                                if next_page.is_none() {
                                    Ok(None)
                                } else {
                                    Self {
                                        page_token: Ok(next_page),
                                        ..next.clone()
                                    }
                                        .send()
                                        .map_ok(|page| {
                                            let page = page.into_inner();
                                            Some((
                                                futures::stream::iter(page.items).map(Ok),
                                                (page.next_page, next),
                                            ))
                                        })
                                        .await
                                }
                            },
                        )
                        .try_flatten();
                    first.chain(rest)
                })
                .try_flatten_stream()
                .boxed()
        }
    }
    /**Builder for [`Client::put_grant`]

[`Client::put_grant`]: super::Client::put_grant*/
    #[derive(Debug, Clone)]
    pub struct PutGrant<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        principal: Result<::std::string::String, String>,
        body: Result<types::builder::GrantRequest, String>,
    }
    impl<'a> PutGrant<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                principal: Err("principal was not initialized".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn principal<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.principal = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for principal failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::GrantRequest>,
            <V as std::convert::TryInto<types::GrantRequest>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `GrantRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::GrantRequest,
            ) -> types::builder::GrantRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `PUT` request to `/datasets/{dataset_id}/grants/{principal}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Grant>, Error<types::HttpValidationError>> {
            let Self { client, dataset_id, principal, body } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let principal = principal.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::GrantRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/grants/{}", client.baseurl, encode_path(& dataset_id
                .to_string()), encode_path(& principal.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .put(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "put_grant",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::delete_grant`]

[`Client::delete_grant`]: super::Client::delete_grant*/
    #[derive(Debug, Clone)]
    pub struct DeleteGrant<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        principal: Result<::std::string::String, String>,
    }
    impl<'a> DeleteGrant<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                principal: Err("principal was not initialized".to_string()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn principal<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.principal = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for principal failed"
                        .to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/datasets/{dataset_id}/grants/{principal}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<()>, Error<types::HttpValidationError>> {
            let Self { client, dataset_id, principal } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let principal = principal.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/grants/{}", client.baseurl, encode_path(& dataset_id
                .to_string()), encode_path(& principal.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "delete_grant",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_jobs`]

[`Client::list_jobs`]: super::Client::list_jobs*/
    #[derive(Debug, Clone)]
    pub struct ListJobs<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        limit: Result<Option<::std::num::NonZeroU64>, String>,
        page_token: Result<Option<::std::string::String>, String>,
        status: Result<Option<types::JobStatus>, String>,
    }
    impl<'a> ListJobs<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                limit: Ok(None),
                page_token: Ok(None),
                status: Ok(None),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::num::NonZeroU64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: num :: NonZeroU64` for limit failed"
                        .to_string()
                });
            self
        }
        pub fn page_token<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.page_token = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for page_token failed"
                        .to_string()
                });
            self
        }
        pub fn status<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::JobStatus>,
        {
            self.status = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `JobStatus` for status failed".to_string());
            self
        }
        ///Sends a `GET` request to `/datasets/{dataset_id}/jobs`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::JobResultsPage>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, dataset_id, limit, page_token, status } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let page_token = page_token.map_err(Error::InvalidRequest)?;
            let status = status.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/jobs", client.baseurl, encode_path(& dataset_id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("page_token", &page_token))
                .query(&progenitor_client::QueryParam::new("status", &status))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_jobs",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
        ///Streams `GET` requests to `/datasets/{dataset_id}/jobs`
        pub fn stream(
            self,
        ) -> impl futures::Stream<
            Item = Result<types::Job, Error<types::HttpValidationError>>,
        > + Unpin + 'a {
            use ::futures::StreamExt;
            use ::futures::TryFutureExt;
            use ::futures::TryStreamExt;
            let next = Self {
                page_token: Ok(None),
                status: Ok(None),
                ..self.clone()
            };
            self.send()
                .map_ok(move |page| {
                    let page = page.into_inner();
                    let first = futures::stream::iter(page.items).map(Ok);
                    let rest = futures::stream::try_unfold(
                            (page.next_page, next),
                            |(next_page, next)| async {
                                if next_page.is_none() {
                                    Ok(None)
                                } else {
                                    Self {
                                        page_token: Ok(next_page),
                                        ..next.clone()
                                    }
                                        .send()
                                        .map_ok(|page| {
                                            let page = page.into_inner();
                                            Some((
                                                futures::stream::iter(page.items).map(Ok),
                                                (page.next_page, next),
                                            ))
                                        })
                                        .await
                                }
                            },
                        )
                        .try_flatten();
                    first.chain(rest)
                })
                .try_flatten_stream()
                .boxed()
        }
    }
    /**Builder for [`Client::request_presigned_reupload`]

[`Client::request_presigned_reupload`]: super::Client::request_presigned_reupload*/
    #[derive(Debug, Clone)]
    pub struct RequestPresignedReupload<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        body: Result<types::builder::PresignedUploadRequest, String>,
    }
    impl<'a> RequestPresignedReupload<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::PresignedUploadRequest>,
            <V as std::convert::TryInto<
                types::PresignedUploadRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!(
                        "conversion to `PresignedUploadRequest` for body failed: {}", s
                    )
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::PresignedUploadRequest,
            ) -> types::builder::PresignedUploadRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/datasets/{dataset_id}/reupload/presigned`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::PresignedUploadResponse>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, dataset_id, body } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::PresignedUploadRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/reupload/presigned", client.baseurl, encode_path(&
                dataset_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "request_presigned_reupload",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::complete_presigned_reupload`]

[`Client::complete_presigned_reupload`]: super::Client::complete_presigned_reupload*/
    #[derive(Debug, Clone)]
    pub struct CompletePresignedReupload<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        job_id: Result<::uuid::Uuid, String>,
        body: Result<types::builder::CompleteUploadRequest, String>,
    }
    impl<'a> CompletePresignedReupload<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                job_id: Err("job_id was not initialized".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn job_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.job_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for job_id failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::CompleteUploadRequest>,
            <V as std::convert::TryInto<
                types::CompleteUploadRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!(
                        "conversion to `CompleteUploadRequest` for body failed: {}", s
                    )
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::CompleteUploadRequest,
            ) -> types::builder::CompleteUploadRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/datasets/{dataset_id}/reupload/presigned/{job_id}/complete`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::UploadResponse>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, dataset_id, job_id, body } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let job_id = job_id.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::CompleteUploadRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/reupload/presigned/{}/complete", client.baseurl,
                encode_path(& dataset_id.to_string()), encode_path(& job_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "complete_presigned_reupload",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_trust_rules`]

[`Client::list_trust_rules`]: super::Client::list_trust_rules*/
    #[derive(Debug, Clone)]
    pub struct ListTrustRules<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        limit: Result<Option<::std::num::NonZeroU64>, String>,
        page_token: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListTrustRules<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                limit: Ok(None),
                page_token: Ok(None),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::num::NonZeroU64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: num :: NonZeroU64` for limit failed"
                        .to_string()
                });
            self
        }
        pub fn page_token<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.page_token = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for page_token failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/datasets/{dataset_id}/trust-rules`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::TrustRuleResultsPage>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, dataset_id, limit, page_token } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let page_token = page_token.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/trust-rules", client.baseurl, encode_path(& dataset_id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("page_token", &page_token))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_trust_rules",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
        ///Streams `GET` requests to `/datasets/{dataset_id}/trust-rules`
        pub fn stream(
            self,
        ) -> impl futures::Stream<
            Item = Result<types::TrustRule, Error<types::HttpValidationError>>,
        > + Unpin + 'a {
            use ::futures::StreamExt;
            use ::futures::TryFutureExt;
            use ::futures::TryStreamExt;
            let next = Self {
                page_token: Ok(None),
                ..self.clone()
            };
            self.send()
                .map_ok(move |page| {
                    let page = page.into_inner();
                    let first = futures::stream::iter(page.items).map(Ok);
                    let rest = futures::stream::try_unfold(
                            (page.next_page, next),
                            |(next_page, next)| async {
                                if next_page.is_none() {
                                    Ok(None)
                                } else {
                                    Self {
                                        page_token: Ok(next_page),
                                        ..next.clone()
                                    }
                                        .send()
                                        .map_ok(|page| {
                                            let page = page.into_inner();
                                            Some((
                                                futures::stream::iter(page.items).map(Ok),
                                                (page.next_page, next),
                                            ))
                                        })
                                        .await
                                }
                            },
                        )
                        .try_flatten();
                    first.chain(rest)
                })
                .try_flatten_stream()
                .boxed()
        }
    }
    /**Builder for [`Client::create_trust_rule`]

[`Client::create_trust_rule`]: super::Client::create_trust_rule*/
    #[derive(Debug, Clone)]
    pub struct CreateTrustRule<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        body: Result<types::builder::CreateTrustRuleRequest, String>,
    }
    impl<'a> CreateTrustRule<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::CreateTrustRuleRequest>,
            <V as std::convert::TryInto<
                types::CreateTrustRuleRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!(
                        "conversion to `CreateTrustRuleRequest` for body failed: {}", s
                    )
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::CreateTrustRuleRequest,
            ) -> types::builder::CreateTrustRuleRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/datasets/{dataset_id}/trust-rules`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::TrustRule>, Error<types::HttpValidationError>> {
            let Self { client, dataset_id, body } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::CreateTrustRuleRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/trust-rules", client.baseurl, encode_path(& dataset_id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "create_trust_rule",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::delete_trust_rule`]

[`Client::delete_trust_rule`]: super::Client::delete_trust_rule*/
    #[derive(Debug, Clone)]
    pub struct DeleteTrustRule<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        rule_id: Result<::uuid::Uuid, String>,
    }
    impl<'a> DeleteTrustRule<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                rule_id: Err("rule_id was not initialized".to_string()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn rule_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.rule_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for rule_id failed".to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/datasets/{dataset_id}/trust-rules/{rule_id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<()>, Error<types::HttpValidationError>> {
            let Self { client, dataset_id, rule_id } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let rule_id = rule_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/trust-rules/{}", client.baseurl, encode_path(& dataset_id
                .to_string()), encode_path(& rule_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "delete_trust_rule",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::undelete_dataset`]

[`Client::undelete_dataset`]: super::Client::undelete_dataset*/
    #[derive(Debug, Clone)]
    pub struct UndeleteDataset<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
    }
    impl<'a> UndeleteDataset<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        ///Sends a `POST` request to `/datasets/{dataset_id}/undelete`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Dataset>, Error<types::HttpValidationError>> {
            let Self { client, dataset_id } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/undelete", client.baseurl, encode_path(& dataset_id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "undelete_dataset",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_versions`]

[`Client::list_versions`]: super::Client::list_versions*/
    #[derive(Debug, Clone)]
    pub struct ListVersions<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        limit: Result<Option<::std::num::NonZeroU64>, String>,
        page_token: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListVersions<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                limit: Ok(None),
                page_token: Ok(None),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::num::NonZeroU64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: num :: NonZeroU64` for limit failed"
                        .to_string()
                });
            self
        }
        pub fn page_token<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.page_token = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for page_token failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/datasets/{dataset_id}/versions`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::VersionResultsPage>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, dataset_id, limit, page_token } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let page_token = page_token.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/versions", client.baseurl, encode_path(& dataset_id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("page_token", &page_token))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_versions",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
        ///Streams `GET` requests to `/datasets/{dataset_id}/versions`
        pub fn stream(
            self,
        ) -> impl futures::Stream<
            Item = Result<types::Version, Error<types::HttpValidationError>>,
        > + Unpin + 'a {
            use ::futures::StreamExt;
            use ::futures::TryFutureExt;
            use ::futures::TryStreamExt;
            let next = Self {
                page_token: Ok(None),
                ..self.clone()
            };
            self.send()
                .map_ok(move |page| {
                    let page = page.into_inner();
                    let first = futures::stream::iter(page.items).map(Ok);
                    let rest = futures::stream::try_unfold(
                            (page.next_page, next),
                            |(next_page, next)| async {
                                if next_page.is_none() {
                                    Ok(None)
                                } else {
                                    Self {
                                        page_token: Ok(next_page),
                                        ..next.clone()
                                    }
                                        .send()
                                        .map_ok(|page| {
                                            let page = page.into_inner();
                                            Some((
                                                futures::stream::iter(page.items).map(Ok),
                                                (page.next_page, next),
                                            ))
                                        })
                                        .await
                                }
                            },
                        )
                        .try_flatten();
                    first.chain(rest)
                })
                .try_flatten_stream()
                .boxed()
        }
    }
    /**Builder for [`Client::get_version`]

[`Client::get_version`]: super::Client::get_version*/
    #[derive(Debug, Clone)]
    pub struct GetVersion<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        version: Result<i64, String>,
    }
    impl<'a> GetVersion<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                version: Err("version was not initialized".to_string()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn version<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
        {
            self.version = value
                .try_into()
                .map_err(|_| "conversion to `i64` for version failed".to_string());
            self
        }
        ///Sends a `GET` request to `/datasets/{dataset_id}/versions/{version}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Version>, Error<types::HttpValidationError>> {
            let Self { client, dataset_id, version } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let version = version.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/versions/{}", client.baseurl, encode_path(& dataset_id
                .to_string()), encode_path(& version.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_version",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::download_version`]

[`Client::download_version`]: super::Client::download_version*/
    #[derive(Debug, Clone)]
    pub struct DownloadVersion<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        version: Result<i64, String>,
        redirect: Result<Option<bool>, String>,
    }
    impl<'a> DownloadVersion<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                version: Err("version was not initialized".to_string()),
                redirect: Ok(None),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn version<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
        {
            self.version = value
                .try_into()
                .map_err(|_| "conversion to `i64` for version failed".to_string());
            self
        }
        pub fn redirect<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
        {
            self.redirect = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `bool` for redirect failed".to_string());
            self
        }
        ///Sends a `GET` request to `/datasets/{dataset_id}/versions/{version}/download`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Download>, Error<types::HttpValidationError>> {
            let Self { client, dataset_id, version, redirect } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let version = version.map_err(Error::InvalidRequest)?;
            let redirect = redirect.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/versions/{}/download", client.baseurl, encode_path(&
                dataset_id.to_string()), encode_path(& version.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("redirect", &redirect))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "download_version",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::restore_version`]

[`Client::restore_version`]: super::Client::restore_version*/
    #[derive(Debug, Clone)]
    pub struct RestoreVersion<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        version: Result<i64, String>,
        body: Result<types::builder::RestoreVersionRequest, String>,
    }
    impl<'a> RestoreVersion<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                version: Err("version was not initialized".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn version<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i64>,
        {
            self.version = value
                .try_into()
                .map_err(|_| "conversion to `i64` for version failed".to_string());
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::RestoreVersionRequest>,
            <V as std::convert::TryInto<
                types::RestoreVersionRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!(
                        "conversion to `RestoreVersionRequest` for body failed: {}", s
                    )
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::RestoreVersionRequest,
            ) -> types::builder::RestoreVersionRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/datasets/{dataset_id}/versions/{version}/restore`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Version>, Error<types::HttpValidationError>> {
            let Self { client, dataset_id, version, body } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let version = version.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::RestoreVersionRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/versions/{}/restore", client.baseurl, encode_path(&
                dataset_id.to_string()), encode_path(& version.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "restore_version",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_webhooks`]

[`Client::list_webhooks`]: super::Client::list_webhooks*/
    #[derive(Debug, Clone)]
    pub struct ListWebhooks<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        limit: Result<Option<::std::num::NonZeroU64>, String>,
        page_token: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListWebhooks<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                limit: Ok(None),
                page_token: Ok(None),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::num::NonZeroU64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: num :: NonZeroU64` for limit failed"
                        .to_string()
                });
            self
        }
        pub fn page_token<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.page_token = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for page_token failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/datasets/{dataset_id}/webhooks`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::WebhookResultsPage>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, dataset_id, limit, page_token } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let page_token = page_token.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/webhooks", client.baseurl, encode_path(& dataset_id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("page_token", &page_token))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_webhooks",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
        ///Streams `GET` requests to `/datasets/{dataset_id}/webhooks`
        pub fn stream(
            self,
        ) -> impl futures::Stream<
            Item = Result<types::Webhook, Error<types::HttpValidationError>>,
        > + Unpin + 'a {
            use ::futures::StreamExt;
            use ::futures::TryFutureExt;
            use ::futures::TryStreamExt;
            let next = Self {
                page_token: Ok(None),
                ..self.clone()
            };
            self.send()
                .map_ok(move |page| {
                    let page = page.into_inner();
                    let first = futures::stream::iter(page.items).map(Ok);
                    let rest = futures::stream::try_unfold(
                            (page.next_page, next),
                            |(next_page, next)| async {
                                if next_page.is_none() {
                                    Ok(None)
                                } else {
                                    Self {
                                        page_token: Ok(next_page),
                                        ..next.clone()
                                    }
                                        .send()
                                        .map_ok(|page| {
                                            let page = page.into_inner();
                                            Some((
                                                futures::stream::iter(page.items).map(Ok),
                                                (page.next_page, next),
                                            ))
                                        })
                                        .await
                                }
                            },
                        )
                        .try_flatten();
                    first.chain(rest)
                })
                .try_flatten_stream()
                .boxed()
        }
    }
    /**Builder for [`Client::create_webhook`]

[`Client::create_webhook`]: super::Client::create_webhook*/
    #[derive(Debug, Clone)]
    pub struct CreateWebhook<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        body: Result<types::builder::CreateWebhookRequest, String>,
    }
    impl<'a> CreateWebhook<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::CreateWebhookRequest>,
            <V as std::convert::TryInto<
                types::CreateWebhookRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!(
                        "conversion to `CreateWebhookRequest` for body failed: {}", s
                    )
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::CreateWebhookRequest,
            ) -> types::builder::CreateWebhookRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/datasets/{dataset_id}/webhooks`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::WebhookSecret>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, dataset_id, body } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::CreateWebhookRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/webhooks", client.baseurl, encode_path(& dataset_id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "create_webhook",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::delete_webhook`]

[`Client::delete_webhook`]: super::Client::delete_webhook*/
    #[derive(Debug, Clone)]
    pub struct DeleteWebhook<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        webhook_id: Result<::uuid::Uuid, String>,
    }
    impl<'a> DeleteWebhook<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                webhook_id: Err("webhook_id was not initialized".to_string()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn webhook_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.webhook_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for webhook_id failed".to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/datasets/{dataset_id}/webhooks/{webhook_id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<()>, Error<types::HttpValidationError>> {
            let Self { client, dataset_id, webhook_id } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let webhook_id = webhook_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/webhooks/{}", client.baseurl, encode_path(& dataset_id
                .to_string()), encode_path(& webhook_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "delete_webhook",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_deliveries`]

[`Client::list_deliveries`]: super::Client::list_deliveries*/
    #[derive(Debug, Clone)]
    pub struct ListDeliveries<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        webhook_id: Result<::uuid::Uuid, String>,
        limit: Result<Option<::std::num::NonZeroU64>, String>,
        page_token: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListDeliveries<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                webhook_id: Err("webhook_id was not initialized".to_string()),
                limit: Ok(None),
                page_token: Ok(None),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn webhook_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.webhook_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for webhook_id failed".to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::num::NonZeroU64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: num :: NonZeroU64` for limit failed"
                        .to_string()
                });
            self
        }
        pub fn page_token<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.page_token = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for page_token failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/datasets/{dataset_id}/webhooks/{webhook_id}/deliveries`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::DeliveryResultsPage>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, dataset_id, webhook_id, limit, page_token } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let webhook_id = webhook_id.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let page_token = page_token.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/webhooks/{}/deliveries", client.baseurl, encode_path(&
                dataset_id.to_string()), encode_path(& webhook_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("page_token", &page_token))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_deliveries",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
        ///Streams `GET` requests to `/datasets/{dataset_id}/webhooks/{webhook_id}/deliveries`
        pub fn stream(
            self,
        ) -> impl futures::Stream<
            Item = Result<types::Delivery, Error<types::HttpValidationError>>,
        > + Unpin + 'a {
            use ::futures::StreamExt;
            use ::futures::TryFutureExt;
            use ::futures::TryStreamExt;
            let next = Self {
                page_token: Ok(None),
                ..self.clone()
            };
            self.send()
                .map_ok(move |page| {
                    let page = page.into_inner();
                    let first = futures::stream::iter(page.items).map(Ok);
                    let rest = futures::stream::try_unfold(
                            (page.next_page, next),
                            |(next_page, next)| async {
                                if next_page.is_none() {
                                    Ok(None)
                                } else {
                                    Self {
                                        page_token: Ok(next_page),
                                        ..next.clone()
                                    }
                                        .send()
                                        .map_ok(|page| {
                                            let page = page.into_inner();
                                            Some((
                                                futures::stream::iter(page.items).map(Ok),
                                                (page.next_page, next),
                                            ))
                                        })
                                        .await
                                }
                            },
                        )
                        .try_flatten();
                    first.chain(rest)
                })
                .try_flatten_stream()
                .boxed()
        }
    }
    /**Builder for [`Client::resend_delivery`]

[`Client::resend_delivery`]: super::Client::resend_delivery*/
    #[derive(Debug, Clone)]
    pub struct ResendDelivery<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        webhook_id: Result<::uuid::Uuid, String>,
        delivery_id: Result<::uuid::Uuid, String>,
    }
    impl<'a> ResendDelivery<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                webhook_id: Err("webhook_id was not initialized".to_string()),
                delivery_id: Err("delivery_id was not initialized".to_string()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn webhook_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.webhook_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for webhook_id failed".to_string()
                });
            self
        }
        pub fn delivery_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.delivery_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for delivery_id failed".to_string()
                });
            self
        }
        ///Sends a `POST` request to `/datasets/{dataset_id}/webhooks/{webhook_id}/deliveries/{delivery_id}/resend`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Delivery>, Error<types::HttpValidationError>> {
            let Self { client, dataset_id, webhook_id, delivery_id } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let webhook_id = webhook_id.map_err(Error::InvalidRequest)?;
            let delivery_id = delivery_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/webhooks/{}/deliveries/{}/resend", client.baseurl,
                encode_path(& dataset_id.to_string()), encode_path(& webhook_id
                .to_string()), encode_path(& delivery_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "resend_delivery",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::rotate_webhook_secret`]

[`Client::rotate_webhook_secret`]: super::Client::rotate_webhook_secret*/
    #[derive(Debug, Clone)]
    pub struct RotateWebhookSecret<'a> {
        client: &'a super::Client,
        dataset_id: Result<::uuid::Uuid, String>,
        webhook_id: Result<::uuid::Uuid, String>,
    }
    impl<'a> RotateWebhookSecret<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                dataset_id: Err("dataset_id was not initialized".to_string()),
                webhook_id: Err("webhook_id was not initialized".to_string()),
            }
        }
        pub fn dataset_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.dataset_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for dataset_id failed".to_string()
                });
            self
        }
        pub fn webhook_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.webhook_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for webhook_id failed".to_string()
                });
            self
        }
        ///Sends a `POST` request to `/datasets/{dataset_id}/webhooks/{webhook_id}/rotate`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::WebhookSecret>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, dataset_id, webhook_id } = self;
            let dataset_id = dataset_id.map_err(Error::InvalidRequest)?;
            let webhook_id = webhook_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/datasets/{}/webhooks/{}/rotate", client.baseurl, encode_path(&
                dataset_id.to_string()), encode_path(& webhook_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "rotate_webhook_secret",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_events`]

[`Client::list_events`]: super::Client::list_events*/
    #[derive(Debug, Clone)]
    pub struct ListEvents<'a> {
        client: &'a super::Client,
        limit: Result<Option<::std::num::NonZeroU64>, String>,
        page_token: Result<Option<::std::string::String>, String>,
        principal: Result<Option<::std::string::String>, String>,
        since: Result<Option<::chrono::DateTime<::chrono::offset::Utc>>, String>,
        type_: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListEvents<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                limit: Ok(None),
                page_token: Ok(None),
                principal: Ok(None),
                since: Ok(None),
                type_: Ok(None),
            }
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::num::NonZeroU64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: num :: NonZeroU64` for limit failed"
                        .to_string()
                });
            self
        }
        pub fn page_token<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.page_token = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for page_token failed"
                        .to_string()
                });
            self
        }
        pub fn principal<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.principal = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for principal failed"
                        .to_string()
                });
            self
        }
        pub fn since<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
        {
            self.since = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: chrono :: DateTime < :: chrono :: offset :: Utc >` for since failed"
                        .to_string()
                });
            self
        }
        pub fn type_<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.type_ = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for type_ failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/events`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::EventResultsPage>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, limit, page_token, principal, since, type_ } = self;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let page_token = page_token.map_err(Error::InvalidRequest)?;
            let principal = principal.map_err(Error::InvalidRequest)?;
            let since = since.map_err(Error::InvalidRequest)?;
            let type_ = type_.map_err(Error::InvalidRequest)?;
            let url = format!("{}/events", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("page_token", &page_token))
                .query(&progenitor_client::QueryParam::new("principal", &principal))
                .query(&progenitor_client::QueryParam::new("since", &since))
                .query(&progenitor_client::QueryParam::new("type", &type_))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_events",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
        ///Streams `GET` requests to `/events`
        pub fn stream(
            self,
        ) -> impl futures::Stream<
            Item = Result<types::Event, Error<types::HttpValidationError>>,
        > + Unpin + 'a {
            use ::futures::StreamExt;
            use ::futures::TryFutureExt;
            use ::futures::TryStreamExt;
            let next = Self {
                page_token: Ok(None),
                principal: Ok(None),
                since: Ok(None),
                type_: Ok(None),
                ..self.clone()
            };
            self.send()
                .map_ok(move |page| {
                    let page = page.into_inner();
                    let first = futures::stream::iter(page.items).map(Ok);
                    let rest = futures::stream::try_unfold(
                            (page.next_page, next),
                            |(next_page, next)| async {
                                if next_page.is_none() {
                                    Ok(None)
                                } else {
                                    Self {
                                        page_token: Ok(next_page),
                                        ..next.clone()
                                    }
                                        .send()
                                        .map_ok(|page| {
                                            let page = page.into_inner();
                                            Some((
                                                futures::stream::iter(page.items).map(Ok),
                                                (page.next_page, next),
                                            ))
                                        })
                                        .await
                                }
                            },
                        )
                        .try_flatten();
                    first.chain(rest)
                })
                .try_flatten_stream()
                .boxed()
        }
    }
    /**Builder for [`Client::get_job`]

[`Client::get_job`]: super::Client::get_job*/
    #[derive(Debug, Clone)]
    pub struct GetJob<'a> {
        client: &'a super::Client,
        job_id: Result<::uuid::Uuid, String>,
    }
    impl<'a> GetJob<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                job_id: Err("job_id was not initialized".to_string()),
            }
        }
        pub fn job_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.job_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for job_id failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/jobs/{job_id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Job>, Error<types::HttpValidationError>> {
            let Self { client, job_id } = self;
            let job_id = job_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/jobs/{}", client.baseurl, encode_path(& job_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_job",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::cancel_job`]

[`Client::cancel_job`]: super::Client::cancel_job*/
    #[derive(Debug, Clone)]
    pub struct CancelJob<'a> {
        client: &'a super::Client,
        job_id: Result<::uuid::Uuid, String>,
    }
    impl<'a> CancelJob<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                job_id: Err("job_id was not initialized".to_string()),
            }
        }
        pub fn job_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.job_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for job_id failed".to_string()
                });
            self
        }
        ///Sends a `POST` request to `/jobs/{job_id}/cancel`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Job>, Error<types::HttpValidationError>> {
            let Self { client, job_id } = self;
            let job_id = job_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/jobs/{}/cancel", client.baseurl, encode_path(& job_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "cancel_job",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::commit_job`]

[`Client::commit_job`]: super::Client::commit_job*/
    #[derive(Debug, Clone)]
    pub struct CommitJob<'a> {
        client: &'a super::Client,
        job_id: Result<::uuid::Uuid, String>,
        body: Result<types::builder::CommitJobRequest, String>,
    }
    impl<'a> CommitJob<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                job_id: Err("job_id was not initialized".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn job_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.job_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for job_id failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::CommitJobRequest>,
            <V as std::convert::TryInto<
                types::CommitJobRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `CommitJobRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::CommitJobRequest,
            ) -> types::builder::CommitJobRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/jobs/{job_id}/commit`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Version>, Error<types::HttpValidationError>> {
            let Self { client, job_id, body } = self;
            let job_id = job_id.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::CommitJobRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/jobs/{}/commit", client.baseurl, encode_path(& job_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "commit_job",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_job_events`]

[`Client::list_job_events`]: super::Client::list_job_events*/
    #[derive(Debug, Clone)]
    pub struct ListJobEvents<'a> {
        client: &'a super::Client,
        job_id: Result<::uuid::Uuid, String>,
        limit: Result<Option<::std::num::NonZeroU64>, String>,
        page_token: Result<Option<::std::string::String>, String>,
        principal: Result<Option<::std::string::String>, String>,
        since: Result<Option<::chrono::DateTime<::chrono::offset::Utc>>, String>,
        type_: Result<Option<::std::string::String>, String>,
        last_event_id: Result<Option<types::LastEventId>, String>,
    }
    impl<'a> ListJobEvents<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                job_id: Err("job_id was not initialized".to_string()),
                limit: Ok(None),
                page_token: Ok(None),
                principal: Ok(None),
                since: Ok(None),
                type_: Ok(None),
                last_event_id: Ok(None),
            }
        }
        pub fn job_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.job_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for job_id failed".to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::num::NonZeroU64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: num :: NonZeroU64` for limit failed"
                        .to_string()
                });
            self
        }
        pub fn page_token<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.page_token = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for page_token failed"
                        .to_string()
                });
            self
        }
        pub fn principal<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.principal = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for principal failed"
                        .to_string()
                });
            self
        }
        pub fn since<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
        {
            self.since = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: chrono :: DateTime < :: chrono :: offset :: Utc >` for since failed"
                        .to_string()
                });
            self
        }
        pub fn type_<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.type_ = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for type_ failed"
                        .to_string()
                });
            self
        }
        pub fn last_event_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::LastEventId>,
        {
            self.last_event_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `LastEventId` for last_event_id failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/jobs/{job_id}/events`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::EventResultsPage>,
            Error<types::HttpValidationError>,
        > {
            let Self {
                client,
                job_id,
                limit,
                page_token,
                principal,
                since,
                type_,
                last_event_id,
            } = self;
            let job_id = job_id.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let page_token = page_token.map_err(Error::InvalidRequest)?;
            let principal = principal.map_err(Error::InvalidRequest)?;
            let since = since.map_err(Error::InvalidRequest)?;
            let type_ = type_.map_err(Error::InvalidRequest)?;
            let last_event_id = last_event_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/jobs/{}/events", client.baseurl, encode_path(& job_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = last_event_id {
                header_map.append("Last-Event-ID", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("page_token", &page_token))
                .query(&progenitor_client::QueryParam::new("principal", &principal))
                .query(&progenitor_client::QueryParam::new("since", &since))
                .query(&progenitor_client::QueryParam::new("type", &type_))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_job_events",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
        ///Streams `GET` requests to `/jobs/{job_id}/events`
        pub fn stream(
            self,
        ) -> impl futures::Stream<
            Item = Result<types::Event, Error<types::HttpValidationError>>,
        > + Unpin + 'a {
            use ::futures::StreamExt;
            use ::futures::TryFutureExt;
            use ::futures::TryStreamExt;
            let next = Self {
                page_token: Ok(None),
                principal: Ok(None),
                since: Ok(None),
                type_: Ok(None),
                ..self.clone()
            };
            self.send()
                .map_ok(move |page| {
                    let page = page.into_inner();
                    let first = futures::stream::iter(page.items).map(Ok);
                    let rest = futures::stream::try_unfold(
                            (page.next_page, next),
                            |(next_page, next)| async {
                                if next_page.is_none() {
                                    Ok(None)
                                } else {
                                    Self {
                                        page_token: Ok(next_page),
                                        ..next.clone()
                                    }
                                        .send()
                                        .map_ok(|page| {
                                            let page = page.into_inner();
                                            Some((
                                                futures::stream::iter(page.items).map(Ok),
                                                (page.next_page, next),
                                            ))
                                        })
                                        .await
                                }
                            },
                        )
                        .try_flatten();
                    first.chain(rest)
                })
                .try_flatten_stream()
                .boxed()
        }
    }
    /**Builder for [`Client::inspect_job`]

[`Client::inspect_job`]: super::Client::inspect_job*/
    #[derive(Debug, Clone)]
    pub struct InspectJob<'a> {
        client: &'a super::Client,
        job_id: Result<::uuid::Uuid, String>,
        body: Result<types::builder::InspectJobRequest, String>,
    }
    impl<'a> InspectJob<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                job_id: Err("job_id was not initialized".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn job_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.job_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for job_id failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::InspectJobRequest>,
            <V as std::convert::TryInto<
                types::InspectJobRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `InspectJobRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::InspectJobRequest,
            ) -> types::builder::InspectJobRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/jobs/{job_id}/inspect`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Job>, Error<types::HttpValidationError>> {
            let Self { client, job_id, body } = self;
            let job_id = job_id.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::InspectJobRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/jobs/{}/inspect", client.baseurl, encode_path(& job_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "inspect_job",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_parts`]

[`Client::list_parts`]: super::Client::list_parts*/
    #[derive(Debug, Clone)]
    pub struct ListParts<'a> {
        client: &'a super::Client,
        job_id: Result<::uuid::Uuid, String>,
        limit: Result<Option<::std::num::NonZeroU64>, String>,
        page_token: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListParts<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                job_id: Err("job_id was not initialized".to_string()),
                limit: Ok(None),
                page_token: Ok(None),
            }
        }
        pub fn job_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.job_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for job_id failed".to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::num::NonZeroU64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: num :: NonZeroU64` for limit failed"
                        .to_string()
                });
            self
        }
        pub fn page_token<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.page_token = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for page_token failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/jobs/{job_id}/parts`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::PartResultsPage>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, job_id, limit, page_token } = self;
            let job_id = job_id.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let page_token = page_token.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/jobs/{}/parts", client.baseurl, encode_path(& job_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("page_token", &page_token))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_parts",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
        ///Streams `GET` requests to `/jobs/{job_id}/parts`
        pub fn stream(
            self,
        ) -> impl futures::Stream<
            Item = Result<types::Part, Error<types::HttpValidationError>>,
        > + Unpin + 'a {
            use ::futures::StreamExt;
            use ::futures::TryFutureExt;
            use ::futures::TryStreamExt;
            let next = Self {
                page_token: Ok(None),
                ..self.clone()
            };
            self.send()
                .map_ok(move |page| {
                    let page = page.into_inner();
                    let first = futures::stream::iter(page.items).map(Ok);
                    let rest = futures::stream::try_unfold(
                            (page.next_page, next),
                            |(next_page, next)| async {
                                if next_page.is_none() {
                                    Ok(None)
                                } else {
                                    Self {
                                        page_token: Ok(next_page),
                                        ..next.clone()
                                    }
                                        .send()
                                        .map_ok(|page| {
                                            let page = page.into_inner();
                                            Some((
                                                futures::stream::iter(page.items).map(Ok),
                                                (page.next_page, next),
                                            ))
                                        })
                                        .await
                                }
                            },
                        )
                        .try_flatten();
                    first.chain(rest)
                })
                .try_flatten_stream()
                .boxed()
        }
    }
    /**Builder for [`Client::get_preview`]

[`Client::get_preview`]: super::Client::get_preview*/
    #[derive(Debug, Clone)]
    pub struct GetPreview<'a> {
        client: &'a super::Client,
        job_id: Result<::uuid::Uuid, String>,
    }
    impl<'a> GetPreview<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                job_id: Err("job_id was not initialized".to_string()),
            }
        }
        pub fn job_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.job_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for job_id failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/jobs/{job_id}/preview`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Preview>, Error<types::HttpValidationError>> {
            let Self { client, job_id } = self;
            let job_id = job_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/jobs/{}/preview", client.baseurl, encode_path(& job_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_preview",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::request_part_urls`]

[`Client::request_part_urls`]: super::Client::request_part_urls*/
    #[derive(Debug, Clone)]
    pub struct RequestPartUrls<'a> {
        client: &'a super::Client,
        job_id: Result<::uuid::Uuid, String>,
        body: Result<types::builder::PartUrlsRequest, String>,
    }
    impl<'a> RequestPartUrls<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                job_id: Err("job_id was not initialized".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn job_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.job_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for job_id failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::PartUrlsRequest>,
            <V as std::convert::TryInto<
                types::PartUrlsRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `PartUrlsRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::PartUrlsRequest,
            ) -> types::builder::PartUrlsRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/jobs/{job_id}/urls`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::PartUrls>, Error<types::HttpValidationError>> {
            let Self { client, job_id, body } = self;
            let job_id = job_id.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::PartUrlsRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/jobs/{}/urls", client.baseurl, encode_path(& job_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "request_part_urls",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::exchange_token`]

[`Client::exchange_token`]: super::Client::exchange_token*/
    #[derive(Debug, Clone)]
    pub struct ExchangeToken<'a> {
        client: &'a super::Client,
        body: Result<types::builder::ExchangeTokenRequest, String>,
    }
    impl<'a> ExchangeToken<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ExchangeTokenRequest>,
            <V as std::convert::TryInto<
                types::ExchangeTokenRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!(
                        "conversion to `ExchangeTokenRequest` for body failed: {}", s
                    )
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::ExchangeTokenRequest,
            ) -> types::builder::ExchangeTokenRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/token-exchange`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::ExchangedToken>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, body } = self;
            let body = body
                .and_then(|v| {
                    types::ExchangeTokenRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/token-exchange", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "exchange_token",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_tokens`]

[`Client::list_tokens`]: super::Client::list_tokens*/
    #[derive(Debug, Clone)]
    pub struct ListTokens<'a> {
        client: &'a super::Client,
        limit: Result<Option<::std::num::NonZeroU64>, String>,
        page_token: Result<Option<::std::string::String>, String>,
        principal: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListTokens<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                limit: Ok(None),
                page_token: Ok(None),
                principal: Ok(None),
            }
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::num::NonZeroU64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: num :: NonZeroU64` for limit failed"
                        .to_string()
                });
            self
        }
        pub fn page_token<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.page_token = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for page_token failed"
                        .to_string()
                });
            self
        }
        pub fn principal<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.principal = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for principal failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/tokens`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::TokenResultsPage>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, limit, page_token, principal } = self;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let page_token = page_token.map_err(Error::InvalidRequest)?;
            let principal = principal.map_err(Error::InvalidRequest)?;
            let url = format!("{}/tokens", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("page_token", &page_token))
                .query(&progenitor_client::QueryParam::new("principal", &principal))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_tokens",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
        ///Streams `GET` requests to `/tokens`
        pub fn stream(
            self,
        ) -> impl futures::Stream<
            Item = Result<types::Token, Error<types::HttpValidationError>>,
        > + Unpin + 'a {
            use ::futures::StreamExt;
            use ::futures::TryFutureExt;
            use ::futures::TryStreamExt;
            let next = Self {
                page_token: Ok(None),
                principal: Ok(None),
                ..self.clone()
            };
            self.send()
                .map_ok(move |page| {
                    let page = page.into_inner();
                    let first = futures::stream::iter(page.items).map(Ok);
                    let rest = futures::stream::try_unfold(
                            (page.next_page, next),
                            |(next_page, next)| async {
                                if next_page.is_none() {
                                    Ok(None)
                                } else {
                                    Self {
                                        page_token: Ok(next_page),
                                        ..next.clone()
                                    }
                                        .send()
                                        .map_ok(|page| {
                                            let page = page.into_inner();
                                            Some((
                                                futures::stream::iter(page.items).map(Ok),
                                                (page.next_page, next),
                                            ))
                                        })
                                        .await
                                }
                            },
                        )
                        .try_flatten();
                    first.chain(rest)
                })
                .try_flatten_stream()
                .boxed()
        }
    }
    /**Builder for [`Client::create_token`]

[`Client::create_token`]: super::Client::create_token*/
    #[derive(Debug, Clone)]
    pub struct CreateToken<'a> {
        client: &'a super::Client,
        body: Result<types::builder::CreateTokenRequest, String>,
    }
    impl<'a> CreateToken<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::CreateTokenRequest>,
            <V as std::convert::TryInto<
                types::CreateTokenRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `CreateTokenRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::CreateTokenRequest,
            ) -> types::builder::CreateTokenRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/tokens`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<types::CreatedToken>,
            Error<types::HttpValidationError>,
        > {
            let Self { client, body } = self;
            let body = body
                .and_then(|v| {
                    types::CreateTokenRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/tokens", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "create_token",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::revoke_token`]

[`Client::revoke_token`]: super::Client::revoke_token*/
    #[derive(Debug, Clone)]
    pub struct RevokeToken<'a> {
        client: &'a super::Client,
        token_id: Result<::uuid::Uuid, String>,
    }
    impl<'a> RevokeToken<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                token_id: Err("token_id was not initialized".to_string()),
            }
        }
        pub fn token_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::uuid::Uuid>,
        {
            self.token_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: uuid :: Uuid` for token_id failed".to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/tokens/{token_id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<()>, Error<types::HttpValidationError>> {
            let Self { client, token_id } = self;
            let token_id = token_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/tokens/{}", client.baseurl, encode_path(& token_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "revoke_token",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
}
/// Items consumers will typically use such as the Client.
pub mod prelude {
    pub use self::super::Client;
}
