//! Fields of nested columns.

use super::{column, diff, kinds, nested};

#[test]
fn list_elements_are_compared() {
    let list = |element: &str| {
        let data_type = format!("list<{element}>");
        nested("l", &data_type, vec![column("element", element)])
    };
    let judged = diff("parquet", &[list("int32")], &[list("string")]);
    assert_eq!(kinds(&judged.changes), ["!type_breaks l.element"]);
    assert_eq!(
        diff("parquet", &[list("int32")], &[list("int32")]).changes,
        []
    );
    let filled = diff("ndjson", &[list("null")], &[list("string")]);
    assert_eq!(kinds(&filled.changes), ["type_fits l.element"]);
    let (empty, strings) = (column("l", "list<null>"), list("string"));
    for (from, to) in [(&empty, &strings), (&strings, &empty)] {
        let judged = diff(
            "ndjson",
            std::slice::from_ref(from),
            std::slice::from_ref(to),
        );
        assert_eq!(kinds(&judged.changes), ["type_fits l"]);
    }
    // Not listed on either side: the types still say it.
    let unlisted = diff(
        "parquet",
        &[column("l", "list<int32>")],
        &[column("l", "list<string>")],
    );
    assert_eq!(kinds(&unlisted.changes), ["!type_breaks l"]);
}

#[test]
fn struct_fields_are_compared_by_name() {
    let a = || column("a", "int32");
    let both = [nested(
        "s",
        "struct<a: int32, b: int32>",
        vec![a(), column("b", "int32")],
    )];
    let text = [nested(
        "s",
        "struct<a: string>",
        vec![column("a", "string")],
    )];
    let judged = diff("parquet", &both, &text);
    assert_eq!(
        kinds(&judged.changes),
        ["!column_removed s.b", "!type_breaks s.a"]
    );
    let one = [nested("s", "struct<a: int32>", vec![a()])];
    assert_eq!(
        kinds(&diff("parquet", &one, &both).changes),
        ["column_added s.b"]
    );
    let none = [column("s", "struct<>")];
    assert_eq!(
        kinds(&diff("ndjson", &none, &one).changes),
        ["column_added s.a"]
    );
    let map = [column("s", "map<string, int32>")];
    assert_eq!(
        kinds(&diff("parquet", &one, &map).changes),
        ["!type_breaks s"]
    );
}
