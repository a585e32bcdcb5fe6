//! Figures of several contestants side by side.

use std::fmt;

use serde::Serialize;

use super::statistics::{median, range};

/// What figures are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    /// The first figure of each row with that of the first row.
    FirstRow,
    /// The last figure of each row with its first.
    FirstColumn,
    Nothing,
}

/// Rows of figures, each measured several times. The first row is what the others are compared with, by their first figure,
/// unless it is made otherwise.
#[derive(Debug, Serialize)]
pub struct Table {
    title: String,
    columns: Vec<String>,
    rows: Vec<Row>,
    #[serde(skip)]
    comparison: Comparison,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    /// The figures of each column, in the order in which they were measured.
    samples: Vec<Vec<f64>>,
    /// Their medians.
    medians: Vec<f64>,
}

impl Row {
    fn growth(&self) -> f64 {
        let ends = self.medians.last().zip(self.medians.first());
        ends.map_or(f64::NAN, |(last, first)| last / first)
    }
}

impl Table {
    /// One without rows. Columns are named by what they hold and its unit.
    pub fn new(title: &str, columns: &[&str]) -> Self {
        Self {
            title: title.to_string(),
            columns: columns.iter().map(ToString::to_string).collect(),
            rows: Vec::new(),
            comparison: Comparison::FirstRow,
        }
    }

    /// The same, in which this row comes first, whenever it is measured.
    pub fn with_baseline(mut self, name: &str) -> Self {
        self.rows.push(Row {
            name: name.to_string(),
            samples: vec![Vec::new(); self.columns.len()],
            medians: vec![f64::NAN; self.columns.len()],
        });
        self
    }

    /// The same, whose rows are not compared.
    pub fn without_ratio(mut self) -> Self {
        self.comparison = Comparison::Nothing;
        self
    }

    /// The same, in which the last figure of each row is compared with its first.
    pub fn with_growth(mut self) -> Self {
        self.comparison = Comparison::FirstColumn;
        self
    }

    /// Adds one measurement to a row, one figure for each column.
    pub fn add(&mut self, name: &str, figures: &[f64]) {
        assert_eq!(figures.len(), self.columns.len(), "{name}");
        let known = self.rows.iter().position(|row| row.name == name);
        let position = known.unwrap_or_else(|| {
            self.rows.push(Row {
                name: name.to_string(),
                samples: vec![Vec::new(); figures.len()],
                medians: Vec::new(),
            });
            self.rows.len() - 1
        });
        let row = &mut self.rows[position];
        for (samples, figure) in row.samples.iter_mut().zip(figures) {
            samples.push(*figure);
        }
        row.medians = row.samples.iter().map(|samples| median(samples)).collect();
    }

    /// The median of a figure, by its row and its column from 0; not a number if there is none.
    pub fn median(&self, name: &str, column: usize) -> f64 {
        let row = self.rows.iter().find(|row| row.name == name);
        row.and_then(|row| row.medians.get(column).copied())
            .unwrap_or(f64::NAN)
    }

    /// The row whose last median is the most times its first, and how many times; one without a number is before all others.
    pub fn largest_growth(&self) -> (&str, f64) {
        let mut largest = ("", 0.0);
        for row in &self.rows {
            let growth = row.growth();
            if growth > largest.1 || growth.is_nan() {
                largest = (row.name.as_str(), growth);
            }
        }
        largest
    }

    /// The name of the column of ratios, if there is one.
    fn ratio_name(&self) -> Option<String> {
        match self.comparison {
            Comparison::FirstRow if self.rows.len() > 1 => {
                Some(format!("{} ratio", self.columns[0]))
            }
            Comparison::FirstColumn => Some("ratio".to_string()),
            Comparison::FirstRow | Comparison::Nothing => None,
        }
    }

    fn ratio(&self, row: &Row) -> f64 {
        match self.comparison {
            Comparison::FirstColumn => row.growth(),
            Comparison::FirstRow | Comparison::Nothing => {
                row.medians[0] / self.rows.first().map_or(f64::NAN, |first| first.medians[0])
            }
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ratio_name = self.ratio_name();
        let mut head = self.columns.clone();
        head.extend(ratio_name.clone());
        writeln!(f, "**{}**\n\n| | {} |", self.title, head.join(" | "))?;
        writeln!(f, "|---|{}", "---|".repeat(head.len()))?;
        for row in &self.rows {
            let mut cells: Vec<String> = row.samples.iter().map(|samples| cell(samples)).collect();
            cells.extend(ratio_name.as_ref().map(|_| figure(self.ratio(row))));
            writeln!(f, "| {} | {} |", row.name, cells.join(" | "))?;
        }
        Ok(())
    }
}

/// The median, and in parentheses the least and the greatest of several.
fn cell(samples: &[f64]) -> String {
    let (middle, (least, greatest)) = (median(samples), range(samples));
    if samples.len() == 1 || middle.is_nan() {
        figure(middle)
    } else {
        format!(
            "{} ({}–{})",
            figure(middle),
            figure(least),
            figure(greatest)
        )
    }
}

/// Three digits that count.
pub fn figure(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_compared_with_those_of_the_first_row() {
        let mut table = Table::new("Reads", &["requests/s", "ms"]).with_baseline("Restow");
        for (rate, time) in [(900.0, 1.0), (1100.0, 3.0), (1000.0, 2.0)] {
            table.add("peer", &[rate / 4.0, time * 8.0]);
            table.add("Restow", &[rate, time]);
        }
        let text = table.to_string();
        for line in [
            "**Reads**\n\n| | requests/s | ms | requests/s ratio |\n|---|---|---|---|\n",
            "| Restow | 1000 (900–1100) | 2.00 (1.00–3.00) | 1.00 |\n",
            "| peer | 250 (225–275) | 16.0 (8.00–24.0) | 0.250 |\n",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!((table.median("peer", 1) - 16.0).abs() < 1e-9);
        assert!(table.median("nothing", 0).is_nan());
    }

    #[test]
    fn last_column_is_compared_with_the_first() {
        let mut table = Table::new(
            "PostgreSQL, p50",
            &["1000 rows", "100000 rows", "1000000 rows"],
        )
        .with_growth();
        for (small, large) in [(1.0, 3.0), (4.0, 1.0), (2.0, 5.0)] {
            table.add("get_job", &[small, 7.0, large]);
            table.add("list_jobs", &[1.0, 9.0, 1.0]);
        }
        let text = table.to_string();
        for line in [
            "| | 1000 rows | 100000 rows | 1000000 rows | ratio |\n|---|---|---|---|---|\n",
            "| get_job | 2.00 (1.00–4.00) | 7.00 (7.00–7.00) | 3.00 (1.00–5.00) | 1.50 |\n",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        let (name, growth) = table.largest_growth();
        assert_eq!(name, "get_job");
        assert!((growth - 1.5).abs() < 1e-9);

        table.add("not measured", &[1.0, 1.0, f64::NAN]);
        assert_eq!(table.largest_growth().0, "not measured");
    }

    #[test]
    fn table_of_one_row_has_no_ratio() {
        let mut table = Table::new("Memory", &["MiB"]);
        table.add("Restow", &[30.04]);
        assert!(
            table
                .to_string()
                .ends_with("| | MiB |\n|---|---|\n| Restow | 30.0 |\n")
        );
    }
}
