//! Tables and lists of properties as text.

use console::{Alignment, measure_text_width, pad_str, style, truncate_str};

use crate::printable::printable;

/// Maximum width of a cell, in columns of the terminal.
const MAX_CELL_WIDTH: usize = 40;

/// Separator of columns.
const GAP: &str = "  ";

/// A table, built column by column.
#[derive(Debug, Default)]
pub struct Table {
    columns: Vec<Column>,
}

#[derive(Debug)]
struct Column {
    header: String,
    alignment: Alignment,
    cells: Vec<String>,
}

impl Table {
    /// Adds a column with its cells, from top to bottom.
    pub fn column(
        mut self,
        header: &str,
        alignment: Alignment,
        cells: impl IntoIterator<Item = String>,
    ) -> Self {
        let fit = |text: &str| truncate_str(&printable(text), MAX_CELL_WIDTH, "…").into_owned();
        let cells = cells.into_iter().map(|cell| fit(&cell)).collect();
        self.columns.push(Column {
            header: fit(header),
            alignment,
            cells,
        });
        self
    }

    /// The table in lines that are at most `width` wide. Columns that do not fit are omitted, and counted in the last
    /// line.
    pub fn render(&self, width: usize) -> String {
        let fitting = self.fitting(width);
        let rows = self
            .columns
            .iter()
            .map(|column| column.cells.len())
            .max()
            .unwrap_or_default();
        let mut lines = vec![line(fitting, |column| {
            style(column.pad(&column.header)).bold().to_string()
        })];
        for row in 0..rows {
            lines.push(line(fitting, |column| {
                column.pad(column.cells.get(row).map_or("", String::as_str))
            }));
        }
        match self.columns.len() - fitting.len() {
            0 => {}
            1 => lines.push("… and 1 more column".to_string()),
            omitted => lines.push(format!("… and {omitted} more columns")),
        }
        lines.join("\n")
    }

    /// The columns that fit, from the first one, but at least one.
    fn fitting(&self, width: usize) -> &[Column] {
        let mut used = 0;
        let fit = self.columns.iter().take_while(|column| {
            used += column.width() + if used == 0 { 0 } else { GAP.len() };
            used <= width
        });
        let count = fit.count().max(1).min(self.columns.len());
        &self.columns[..count]
    }
}

impl Column {
    fn width(&self) -> usize {
        let cells = self.cells.iter().chain([&self.header]);
        cells
            .map(|cell| measure_text_width(cell))
            .max()
            .unwrap_or_default()
    }

    fn pad(&self, cell: &str) -> String {
        pad_str(cell, self.width(), self.alignment, None).into_owned()
    }
}

fn line(columns: &[Column], cell: impl Fn(&Column) -> String) -> String {
    columns
        .iter()
        .map(cell)
        .collect::<Vec<_>>()
        .join(GAP)
        .trim_end()
        .to_string()
}

/// A heading with properties below it, their values aligned.
pub fn properties(heading: &str, properties: &[(&str, String)]) -> String {
    let width = properties
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or_default();
    let mut lines = vec![style(printable(heading)).bold().to_string()];
    for (name, value) in properties {
        lines.push(format!(
            "  {}  {}",
            style(format!("{name:width$}")).dim(),
            printable(value)
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let texts = |texts: [&str; 2]| texts.map(str::to_string);
        Table::default()
            .column("NAME", Alignment::Left, texts(["日本", "a\nb"]))
            .column("NULLS", Alignment::Right, texts(["1", "20"]))
            .column("TYPE", Alignment::Left, texts(["string", "float"]))
    }

    #[test]
    fn columns_are_aligned_by_display_width() {
        console::set_colors_enabled(false);
        let expected = "NAME  NULLS  TYPE\n日本      1  string\na\\nb     20  float";
        assert_eq!(table().render(80), expected);
    }

    #[test]
    fn omitted_columns_are_counted() {
        console::set_colors_enabled(false);
        assert_eq!(
            table().render(12),
            "NAME  NULLS\n日本      1\na\\nb     20\n… and 1 more column"
        );
        assert!(table().render(1).ends_with("… and 2 more columns"));
    }

    #[test]
    fn long_cells_are_truncated() {
        console::set_colors_enabled(false);
        let table = Table::default().column("X", Alignment::Left, ["x".repeat(99)]);
        assert_eq!(table.render(80), format!("X\n{}…", "x".repeat(39)));
    }

    #[test]
    fn property_values_are_aligned() {
        console::set_colors_enabled(false);
        let shown = properties(
            "weather",
            &[("id", "7".to_string()), ("version", "\u{1b}".to_string())],
        );
        assert_eq!(shown, "weather\n  id       7\n  version  \\u{1b}");
    }
}
