//! The older text format of Prometheus, which programs read that do not know OpenMetrics.

use std::fmt::Write;

/// The same metrics in that format: counters carry their suffix in the description too, and there are no units and no end.
pub(super) fn of_prometheus(open_metrics: &str) -> String {
    let mut text = String::with_capacity(open_metrics.len());
    let mut help = None;
    for line in open_metrics.lines() {
        let mut words = line.splitn(4, ' ');
        let described = (words.next(), words.next(), words.next(), words.next());
        match described {
            // Which name is described depends on the type, which comes next.
            (Some("#"), Some("HELP"), Some(_), said) => help = Some(said.unwrap_or_default()),
            (Some("#"), Some("TYPE"), Some(name), Some(kind)) => {
                let suffix = if kind == "counter" { "_total" } else { "" };
                let help = help.take().unwrap_or_default().trim_end_matches('.');
                // Writing to a string cannot fail.
                let _ = writeln!(
                    text,
                    "# HELP {name}{suffix} {help}\n# TYPE {name}{suffix} {kind}"
                );
            }
            (Some("#"), ..) => {}
            _ => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::of_prometheus;

    #[test]
    fn counters_are_described_with_their_suffix() {
        let open = "# HELP restow_urls URLs.\n# TYPE restow_urls counter\nrestow_urls_total 3\n\
                    # HELP age_seconds Age.\n# TYPE age_seconds gauge\n# UNIT age_seconds seconds\nage_seconds 1.5\n# EOF\n";
        assert_eq!(
            of_prometheus(open),
            "# HELP restow_urls_total URLs\n# TYPE restow_urls_total counter\nrestow_urls_total 3\n\
             # HELP age_seconds Age\n# TYPE age_seconds gauge\nage_seconds 1.5\n"
        );
    }
}
