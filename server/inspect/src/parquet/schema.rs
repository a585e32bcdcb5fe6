//! The fields of a Parquet file, with the levels at which they are present.

use ::parquet::basic::{ConvertedType, LogicalType, Repetition};
use ::parquet::schema::types::Type;
use restow_api::{Column, ColumnType};

use super::logical::Logical;

/// Longest type that is stated, in bytes.
const MAX_DATA_TYPE_BYTES: usize = 64 * 1024;

/// A field, as a tree of fields.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) name: String,
    /// Whether it can be null.
    pub(super) is_nullable: bool,
    pub(super) kind: Kind,
    /// Definition level from which the field is not null.
    pub(super) definition: i16,
    /// Repetition level of the field: how many lists are around it.
    pub(super) repetition: i16,
    /// The leaf that comes first in it.
    pub(super) first_leaf: usize,
}

/// What a field consists of.
#[derive(Debug)]
pub(super) enum Kind {
    Leaf(Logical),
    Struct(Vec<Node>),
    /// A list. Its levels are those of its items: the list is empty below the definition level, and an item that is not the
    /// first has the repetition level.
    List {
        definition: i16,
        repetition: i16,
        element: Box<Node>,
    },
    /// A list of keys and values, with the same levels.
    Map {
        definition: i16,
        repetition: i16,
        entry: Vec<Node>,
    },
}

/// The fields of the schema's root.
pub(super) fn fields(root: &Type) -> Vec<Node> {
    let mut reader = Reader { next_leaf: 0 };
    let levels = Levels::default();
    let fields = root.get_fields().iter();
    fields.map(|field| reader.field(field, levels)).collect()
}

/// The levels of what is around a field.
#[derive(Clone, Copy, Default)]
struct Levels {
    definition: i16,
    repetition: i16,
}

struct Reader {
    next_leaf: usize,
}

impl Reader {
    /// A field of any repetition. One that is repeated without a list around it is a list that is never null.
    fn field(&mut self, field: &Type, around: Levels) -> Node {
        let repetition = field.get_basic_info().repetition();
        if repetition == Repetition::REPEATED {
            let first_leaf = self.next_leaf;
            return Node {
                name: field.name().to_owned(),
                is_nullable: false,
                definition: around.definition,
                repetition: around.repetition,
                first_leaf,
                kind: self.list(around, |reader, inner| {
                    reader.present(field, "element", false, inner)
                }),
            };
        }
        let is_nullable = repetition == Repetition::OPTIONAL;
        let levels = Levels {
            definition: around.definition + i16::from(is_nullable),
            ..around
        };
        self.present(field, field.name(), is_nullable, levels)
    }

    /// A list at the levels `around`; `element` reads its items.
    fn list(&mut self, around: Levels, element: impl FnOnce(&mut Self, Levels) -> Node) -> Kind {
        let inner = Levels {
            definition: around.definition + 1,
            repetition: around.repetition + 1,
        };
        Kind::List {
            definition: inner.definition,
            repetition: inner.repetition,
            element: Box::new(element(self, inner)),
        }
    }

    /// A field that is present at `levels`.
    fn present(&mut self, field: &Type, name: &str, is_nullable: bool, levels: Levels) -> Node {
        let first_leaf = self.next_leaf;
        let kind = if field.is_primitive() {
            self.next_leaf += 1;
            Kind::Leaf(Logical::of(field))
        } else {
            self.group(field, levels)
        };
        Node {
            name: name.to_owned(),
            is_nullable,
            kind,
            definition: levels.definition,
            repetition: levels.repetition,
            first_leaf,
        }
    }

    fn group(&mut self, group: &Type, levels: Levels) -> Kind {
        let fields = group.get_fields();
        let only = match fields {
            [only] if only.get_basic_info().repetition() == Repetition::REPEATED => Some(only),
            _ => None,
        };
        match only {
            Some(repeated) if is_list(group) => self.list(levels, |reader, inner| {
                if is_element(group, repeated) {
                    reader.present(repeated, "element", false, inner)
                } else {
                    let mut element = reader.field(&repeated.get_fields()[0], inner);
                    "element".clone_into(&mut element.name);
                    element
                }
            }),
            Some(entries) if is_map(group) && entries.is_group() => {
                let inner = Levels {
                    definition: levels.definition + 1,
                    repetition: levels.repetition + 1,
                };
                let fields = entries.get_fields().iter();
                Kind::Map {
                    definition: inner.definition,
                    repetition: inner.repetition,
                    entry: fields.map(|field| self.field(field, inner)).collect(),
                }
            }
            _ => {
                let fields = fields.iter();
                Kind::Struct(fields.map(|field| self.field(field, levels)).collect())
            }
        }
    }
}

fn is_list(group: &Type) -> bool {
    let info = group.get_basic_info();
    matches!(info.logical_type_ref(), Some(LogicalType::List))
        || info.converted_type() == ConvertedType::LIST
}

fn is_map(group: &Type) -> bool {
    let info = group.get_basic_info();
    matches!(info.logical_type_ref(), Some(LogicalType::Map))
        || matches!(
            info.converted_type(),
            ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE
        )
}

/// Whether the repeated field of a list is its element, as older writers have it, and not a group around the element.
fn is_element(list: &Type, repeated: &Type) -> bool {
    repeated.is_primitive()
        || repeated.get_fields().len() != 1
        || repeated.get_fields()[0].get_basic_info().repetition() == Repetition::REPEATED
        || repeated.name() == "array"
        || repeated.name() == format!("{}_tuple", list.name())
}

impl Node {
    /// Fields within the field.
    pub(super) fn children(&self) -> &[Node] {
        match &self.kind {
            Kind::Leaf(_) => &[],
            Kind::Struct(fields) | Kind::Map { entry: fields, .. } => fields,
            Kind::List { element, .. } => std::slice::from_ref(element),
        }
    }

    /// Number of leaves in the field.
    pub(super) fn leaves(&self) -> usize {
        match self.kind {
            Kind::Leaf(_) => 1,
            _ => self.children().iter().map(Self::leaves).sum(),
        }
    }

    /// The field as a column, without statistics.
    pub(super) fn column(&self) -> Column {
        let fields: Vec<Column> = self.children().iter().map(Self::column).collect();
        Column {
            data_type: self.data_type(&fields),
            nullable: Some(self.is_nullable),
            fields,
            ..Column::new(&*self.name, self.column_type())
        }
    }

    fn column_type(&self) -> ColumnType {
        match &self.kind {
            Kind::Leaf(logical) => logical.column_type(),
            Kind::List { .. } => ColumnType::Array,
            Kind::Struct(_) | Kind::Map { .. } => ColumnType::Object,
        }
    }

    /// The type of the field whose children are `fields`; none where it is too long.
    fn data_type(&self, fields: &[Column]) -> Option<String> {
        let mut types = fields.iter().map(|field| field.data_type.as_deref());
        let data_type = match &self.kind {
            Kind::Leaf(logical) => logical.data_type(),
            Kind::List { .. } => format!("list<{}>", types.next()??),
            Kind::Map { .. } => {
                let types: Option<Vec<&str>> = types.collect();
                format!("map<{}>", types?.join(", "))
            }
            Kind::Struct(_) => {
                let named = fields.iter().zip(types);
                let named =
                    named.map(|(field, data_type)| Some(format!("{}: {}", field.name, data_type?)));
                format!("struct<{}>", named.collect::<Option<Vec<_>>>()?.join(", "))
            }
        };
        (data_type.len() <= MAX_DATA_TYPE_BYTES).then_some(data_type)
    }
}
