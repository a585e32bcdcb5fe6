use super::super::moments::as_f64;
use super::*;

fn values(budget: Budget, texts: impl IntoIterator<Item = String>) -> Values {
    let mut values = Values::new(budget);
    for text in texts {
        values.add(hash(text.as_bytes()), 0.0, &text);
    }
    values
}

fn top(values: Values) -> Vec<(String, u64, bool)> {
    let entries = values.top(3);
    let shown = |entry: Entry| (entry.text.unwrap().into(), entry.count, entry.is_exact);
    entries.into_iter().map(shown).collect()
}

#[test]
fn a_thousand_values_are_exact() {
    let texts = (0..3000).map(|row| format!("{}", row % 1000));
    let values = values(Budget::of_column(0), texts);
    assert_eq!(
        values.distinct(),
        DistinctCount {
            value: 1000,
            error: 0.0
        }
    );
    assert_eq!(values.exact().unwrap().len(), 1000);
    let expected = ["0", "1", "10"].map(|text| (text.to_owned(), 3, true));
    assert_eq!(top(values), expected);
}

#[test]
fn many_values_are_estimated() {
    for budget in [Budget::of_column(0), Budget::of_column(5000)] {
        let values = values(budget, (0..200_000).map(|row| format!("value {row}")));
        let distinct = values.distinct();
        let error = (as_f64(distinct.value) - 200_000.0).abs() / 200_000.0;
        assert!(
            distinct.error > 0.0 && error < 3.0 * distinct.error,
            "{error}"
        );
        assert!(values.exact().is_none());
        assert_eq!(top(values), []);
    }
}

#[test]
fn estimates_do_not_exceed_the_number_of_values() {
    for count in (1100..6000).step_by(100) {
        let texts = (0..count).map(|row| format!("value {row}"));
        let distinct = values(Budget::of_column(0), texts).distinct();
        assert!(
            distinct.error > 0.0 && distinct.value <= count,
            "{distinct:?}"
        );
    }
}

#[test]
fn frequent_values_among_many_are_found() {
    // The first is there from the beginning, the second comes when the table is full.
    let texts = (0..300_000).map(|row| match row % 10 {
        0 => "early".to_owned(),
        1 if row > 100_000 => "late".to_owned(),
        _ => row.to_string(),
    });
    let top = top(values(Budget::of_column(0), texts));
    assert_eq!(top.len(), 2);
    assert_eq!(top[0], ("early".to_owned(), 30_000, true));
    let (text, count, is_exact) = &top[1];
    assert_eq!((text.as_str(), is_exact), ("late", &false));
    assert!((19_900..=20_000).contains(count), "{count}");
}

#[test]
fn texts_stay_within_their_budget() {
    let budget = Budget::of_column(0);
    let texts = (0..40_000).map(|row| {
        let value = if row % 4 == 0 { 999 } else { row % 500 };
        format!("{value}{}", "x".repeat(400))
    });
    let values = values(budget, texts);
    let bytes: usize = values
        .entries
        .iter()
        .filter_map(|entry| entry.text.as_ref())
        .map(|text| text.len())
        .sum();
    assert_eq!(bytes, values.text_bytes);
    assert!(bytes <= budget.text_bytes);
    let top = top(values);
    assert!(top[0].0.starts_with("999x") && top[0].0.len() < 300);
    assert_eq!((top[0].1, top[0].2), (10_000, true));
}
