//! How often the values of a column are of which kind, and the type that follows.

use restow_api::ColumnType;

use crate::text::{Number, Patterns, Scalar};

/// What a value is, as finely as types and findings need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    /// A whole number that a 64-bit float holds.
    Integer,
    /// A whole number within 64 bits that a float does not hold.
    Long,
    /// A whole number beyond 64 bits.
    Whole,
    Float,
    Date,
    /// A date in another pattern than `YYYY-MM-DD`.
    OtherDate,
    /// A timestamp without a zone.
    Timestamp,
    /// A timestamp with a zone.
    ZonedTimestamp,
    NullMarker,
    /// Digits that are text.
    Numeral,
    Text,
    Object,
    Array,
}

const KINDS: [Kind; 14] = [
    Kind::Boolean,
    Kind::Integer,
    Kind::Long,
    Kind::Whole,
    Kind::Float,
    Kind::Date,
    Kind::OtherDate,
    Kind::Timestamp,
    Kind::ZonedTimestamp,
    Kind::NullMarker,
    Kind::Numeral,
    Kind::Text,
    Kind::Object,
    Kind::Array,
];

/// Kinds that go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Boolean,
    Number,
    Moment,
    OtherDate,
    Text,
    Object,
    Array,
}

const GROUPS: [Group; 7] = [
    Group::Boolean,
    Group::Number,
    Group::Moment,
    Group::OtherDate,
    Group::Text,
    Group::Object,
    Group::Array,
];

impl Kind {
    #[inline]
    pub(super) fn of(scalar: Scalar) -> Self {
        match scalar {
            Scalar::Boolean => Self::Boolean,
            Scalar::Number(Number::Float { .. }) => Self::Float,
            Scalar::Number(Number::Whole { .. }) => Self::Whole,
            Scalar::Number(number) if number.is_long() => Self::Long,
            Scalar::Number(_) => Self::Integer,
            Scalar::Numeral => Self::Numeral,
            Scalar::OtherDate(_) => Self::OtherDate,
            Scalar::NullMarker(_) => Self::NullMarker,
            Scalar::Text => Self::Text,
            Scalar::Moment(moment) => match moment.time {
                None => Self::Date,
                Some(time) if time.has_zone => Self::ZonedTimestamp,
                Some(_) => Self::Timestamp,
            },
        }
    }

    pub(super) fn group(self) -> Group {
        match self {
            Self::Boolean => Group::Boolean,
            Self::Integer | Self::Long | Self::Whole | Self::Float => Group::Number,
            Self::Date | Self::Timestamp | Self::ZonedTimestamp => Group::Moment,
            Self::OtherDate => Group::OtherDate,
            Self::NullMarker | Self::Numeral | Self::Text => Group::Text,
            Self::Object => Group::Object,
            Self::Array => Group::Array,
        }
    }
}

/// How many values of a column are of each kind, and the line of the first one.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    counts: [u64; KINDS.len()],
    lines: [u64; KINDS.len()],
}

impl Kinds {
    #[inline]
    pub(super) fn add(&mut self, kind: Kind, line: u64) {
        let index = kind as usize;
        if self.counts[index] == 0 {
            self.lines[index] = line;
        }
        self.counts[index] += 1;
    }

    pub(super) fn count(&self, kind: Kind) -> u64 {
        self.counts[kind as usize]
    }

    pub(super) fn line(&self, kind: Kind) -> u64 {
        self.lines[kind as usize]
    }

    /// Number of values.
    pub(super) fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The groups of which there are values.
    pub(super) fn groups(&self) -> impl Iterator<Item = Group> {
        let has = |group: &Group| self.has(*group);
        GROUPS.into_iter().filter(has)
    }

    /// Whether the values are of several of JSON's own types, of which dates and texts are one.
    pub(super) fn has_several_json_types(&self) -> bool {
        let is_string =
            |group: &Group| matches!(group, Group::Moment | Group::OtherDate | Group::Text);
        let strings = self.groups().any(|group| is_string(&group));
        let others = self.groups().filter(|group| !is_string(group)).count();
        others + usize::from(strings) > 1
    }

    fn has(&self, group: Group) -> bool {
        self.of_group(group).next().is_some()
    }

    /// The kinds of a group of which there are values.
    pub(super) fn of_group(&self, group: Group) -> impl Iterator<Item = Kind> {
        let has = move |kind: &Kind| kind.group() == group && self.count(*kind) > 0;
        KINDS.into_iter().filter(has)
    }

    /// The narrowest type that holds every value.
    ///
    /// ```text
    /// null → boolean                           ┐
    ///      → integer → float → decimal         │
    ///      → date → timestamp                  ├→ string
    ///      → date in another pattern           │
    ///      → object, array                     ┘
    /// ```
    ///
    /// Whole numbers beyond 64 bits make decimals; so do numbers with a fraction together with whole numbers beyond 2^53, which
    /// a float would not hold.
    pub(super) fn column_type(&self, patterns: Patterns) -> ColumnType {
        let mut groups = self.groups();
        match (groups.next(), groups.next()) {
            (None, _) => ColumnType::Null,
            (Some(group), None) => self.type_of(group, patterns),
            (Some(_), Some(_)) => ColumnType::String,
        }
    }

    /// The narrowest type that holds every value of a group.
    pub(super) fn type_of(&self, group: Group, patterns: Patterns) -> ColumnType {
        let has = |kind| self.count(kind) > 0;
        match group {
            Group::Boolean => ColumnType::Boolean,
            Group::Number if has(Kind::Whole) => ColumnType::Decimal,
            Group::Number if has(Kind::Float) && has(Kind::Long) => ColumnType::Decimal,
            Group::Number if has(Kind::Float) => ColumnType::Float,
            Group::Number => ColumnType::Integer,
            Group::Moment if has(Kind::Timestamp) || has(Kind::ZonedTimestamp) => {
                ColumnType::Timestamp
            }
            Group::Moment => ColumnType::Date,
            Group::OtherDate if patterns.only().is_some() => ColumnType::Date,
            Group::OtherDate | Group::Text => ColumnType::String,
            Group::Object => ColumnType::Object,
            Group::Array => ColumnType::Array,
        }
    }
}
