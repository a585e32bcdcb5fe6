use std::panic::{AssertUnwindSafe, catch_unwind};

use restow_api::Column;

use super::*;
use crate::column::ColumnOptions;
use crate::findings::Findings;

const OPTIONS: ColumnOptions = ColumnOptions {
    decimal: b'.',
    max_columns: 1000,
};

/// Rows of pseudo-random numbers, the same for all columns but for a factor.
#[derive(Default)]
struct Numbers {
    numbers: Vec<u64>,
    panics: bool,
}

impl Batch for Numbers {
    fn bytes(&self) -> usize {
        size_of_val(&*self.numbers)
    }

    fn clear(&mut self) {
        self.numbers.clear();
    }

    fn add_to(&self, index: usize, column: &mut ColumnBuilder) {
        assert!(!self.panics, "an intended panic");
        for number in &self.numbers {
            column.push_text(&(number % 10_007 * (index as u64 + 1)).to_string(), *number);
        }
    }
}

fn builder(index: usize) -> ColumnBuilder {
    ColumnBuilder::new(format!("c{index}"), index, OPTIONS)
}

fn finished(columns: Vec<ColumnBuilder>) -> Vec<Column> {
    let mut findings = Findings::default();
    let columns = columns.into_iter();
    columns.map(|column| column.finish(&mut findings)).collect()
}

#[test]
fn results_are_those_of_one_thread() {
    const COLUMNS: usize = 150;
    let mut columns = Columns::new();
    let mut alone = Vec::new();
    let mut batch = Numbers::default();
    for round in 0..COLUMNS {
        columns.add(builder(round));
        alone.push(builder(round));
        let row = |row: u64| row.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        batch
            .numbers
            .extend((0..200).map(|at| row(round as u64 * 200 + at)));
        for (index, column) in alone.iter_mut().enumerate() {
            batch.add_to(index, column);
        }
        batch = columns.push(batch);
        assert!(batch.numbers.is_empty());
    }
    assert_eq!(columns.len(), COLUMNS);
    assert_eq!(finished(columns.finish(batch)), finished(alone));
}

#[test]
fn columns_without_values_and_values_without_columns() {
    let mut columns = Columns::new();
    let batch = columns.push(Numbers {
        numbers: vec![1],
        ..Numbers::default()
    });
    assert_eq!(finished(columns.finish(batch)), []);
    let mut columns = Columns::new();
    columns.add(builder(0));
    let found = finished(columns.finish(Numbers::default()));
    assert_eq!((found.len(), found[0].nulls), (1, Some(0)));
}

#[test]
fn panic_of_either_thread_comes_out() {
    let result = catch_unwind(AssertUnwindSafe(|| {
        let mut columns = Columns::new();
        columns.add(builder(0));
        let mut batch = Numbers::default();
        for _ in 0..100 {
            batch.numbers.push(1);
            batch.panics = true;
            batch = columns.push(batch);
        }
        columns.finish(batch).len()
    }));
    let panic = result.expect_err("it panics");
    assert_eq!(panic.downcast_ref(), Some(&"an intended panic"));
}
