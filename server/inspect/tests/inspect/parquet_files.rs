//! Parquet files, written with the low-level writer.

use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType,
    Int32Type, Int64Type,
};
use parquet::file::properties::{
    EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterVersion,
};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

/// Columns of every type, each with three rows a row group.
const SCHEMA: &str = "message rows {
    REQUIRED INT64 id;
    OPTIONAL BYTE_ARRAY name (STRING);
    OPTIONAL DOUBLE price;
    REQUIRED BOOLEAN active;
    OPTIONAL INT32 born (DATE);
    OPTIONAL INT64 seen (TIMESTAMP(MILLIS, true));
    OPTIONAL INT32 amount (DECIMAL(9, 2));
    OPTIONAL INT32 opens (TIME(MILLIS, true));
    OPTIONAL FIXED_LEN_BYTE_ARRAY (2) raw;
    OPTIONAL GROUP tags (LIST) { REPEATED GROUP list { OPTIONAL BYTE_ARRAY element (STRING); } }
    OPTIONAL GROUP address { OPTIONAL BYTE_ARRAY city (UTF8); OPTIONAL INT32 zip; }
}";

pub fn file(properties: WriterPropertiesBuilder, row_groups: usize) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let mut writer =
        SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build())).unwrap();
    for _ in 0..row_groups {
        let mut group = writer.next_row_group().unwrap();
        write_group(&mut group);
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

fn write_group(group: &mut SerializedRowGroupWriter<'_, Vec<u8>>) {
    let text = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| ByteArray::from(*text))
            .collect::<Vec<_>>()
    };
    let raw: FixedLenByteArray = ByteArray::from(vec![0, 255]).into();
    column::<Int64Type>(group, &[1, 2, 9_007_199_254_740_993], None, None);
    column::<ByteArrayType>(group, &text(&["Ann", "Bob"]), Some(&[1, 0, 1]), None);
    column::<DoubleType>(group, &[1.5, f64::NAN], Some(&[1, 1, 0]), None);
    column::<BoolType>(group, &[true, false, true], None, None);
    column::<Int32Type>(group, &[19_782], Some(&[1, 0, 0]), None);
    column::<Int64Type>(group, &[1_709_200_800_000], Some(&[1, 0, 0]), None);
    column::<Int32Type>(group, &[1234], Some(&[1, 0, 0]), None);
    column::<Int32Type>(group, &[3_600_000], Some(&[1, 0, 0]), None);
    column::<FixedLenByteArrayType>(group, &[raw], Some(&[1, 0, 0]), None);
    column::<ByteArrayType>(
        group,
        &text(&["a", "b"]),
        Some(&[3, 3, 0, 1]),
        Some(&[0, 1, 0, 0]),
    );
    column::<ByteArrayType>(group, &text(&["Bern"]), Some(&[2, 1, 0]), None);
    column::<Int32Type>(group, &[3000], Some(&[2, 1, 0]), None);
}

pub fn column<T: parquet::data_type::DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    values: &[T::T],
    definition_levels: Option<&[i16]>,
    repetition_levels: Option<&[i16]>,
) {
    let mut column = group.next_column().unwrap().unwrap();
    column
        .typed::<T>()
        .write_batch(values, definition_levels, repetition_levels)
        .unwrap();
    column.close().unwrap();
}

/// A file of one row group.
pub fn small() -> Vec<u8> {
    file(WriterProperties::builder(), 1)
}

/// A file of one column of `values`, all in one page.
pub fn one_page(values: &[i64], compression: Compression) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_data_page_size_limit(usize::MAX)
        .set_data_page_row_count_limit(usize::MAX);
    let schema = Arc::new(parse_message_type("message rows { REQUIRED INT64 a; }").unwrap());
    let mut writer =
        SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    column::<Int64Type>(&mut group, values, None, None);
    group.close().unwrap();
    writer.into_inner().unwrap()
}

/// A file of `count` integer columns with `rows` rows.
pub fn wide(count: usize, rows: i32) -> Vec<u8> {
    let fields: Vec<_> = (0..count)
        .map(|index| format!("REQUIRED INT32 c{index};"))
        .collect();
    let schema =
        Arc::new(parse_message_type(&format!("message rows {{ {} }}", fields.concat())).unwrap());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let values: Vec<i32> = (0..rows).collect();
    for _ in 0..count {
        column::<Int32Type>(&mut group, &values, None, None);
    }
    group.close().unwrap();
    writer.into_inner().unwrap()
}

/// A file of one row, a list of `count` nulls, which takes a few bytes.
pub fn long_list(count: usize) -> Vec<u8> {
    let schema = "message rows { OPTIONAL GROUP a (LIST) { REPEATED GROUP list { OPTIONAL INT32 element; } } }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder().set_data_page_row_count_limit(usize::MAX);
    let mut writer =
        SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let repetition_levels: Vec<i16> = (0..count).map(|index| i16::from(index > 0)).collect();
    column::<Int32Type>(
        &mut group,
        &[],
        Some(&vec![2; count]),
        Some(&repetition_levels),
    );
    group.close().unwrap();
    writer.into_inner().unwrap()
}

/// `footer` as the footer of a file without pages.
pub fn with_footer(footer: &[u8]) -> Vec<u8> {
    let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
    [b"PAR1", footer, &length, b"PAR1"].concat()
}

/// A file of one column; `definitions` are those of an optional field.
pub fn single<T: parquet::data_type::DataType>(
    field: &str,
    values: &[T::T],
    definitions: Option<&[i16]>,
) -> Vec<u8> {
    let properties = WriterProperties::builder().set_dictionary_enabled(false);
    one_column::<T>(field, values, definitions, properties)
}

/// A file of one required column, written with `properties`.
pub fn single_with<T: parquet::data_type::DataType>(
    field: &str,
    values: &[T::T],
    properties: WriterPropertiesBuilder,
) -> Vec<u8> {
    one_column::<T>(field, values, None, properties)
}

fn one_column<T: parquet::data_type::DataType>(
    field: &str,
    values: &[T::T],
    definitions: Option<&[i16]>,
    properties: WriterPropertiesBuilder,
) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(&format!("message rows {{ {field} }}")).unwrap());
    let mut writer =
        SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    column::<T>(&mut group, values, definitions, None);
    group.close().unwrap();
    writer.into_inner().unwrap()
}
