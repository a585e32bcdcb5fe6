//! What the databases say differently in the statements that insert the rows.

/// Makes the identifiers that [`Dialect::id`] uses.
pub(super) const IDENTIFIER_POSTGRES: &str = "CREATE FUNCTION identifier(kind BIGINT, number BIGINT) RETURNS UUID IMMUTABLE \
     LANGUAGE sql AS $$ SELECT CAST(lpad(to_hex(kind), 8, '0') || lpad(to_hex(number), 24, '0') AS UUID) $$";

/// The words of one of the databases.
pub(super) struct Dialect {
    /// Whether they are PostgreSQL's.
    pub(super) is_postgres: bool,
}

impl Dialect {
    /// An identifier made of two numbers.
    pub(super) fn id(&self, kind: u32, number: &str) -> String {
        if self.is_postgres {
            format!("identifier({kind}, {number})")
        } else {
            format!("unhex(printf('%08x%024x', {kind}, {number}))")
        }
    }

    /// The numbers from 0, as column `i`.
    pub(super) fn series(&self, count: i64) -> String {
        if self.is_postgres {
            format!("generate_series(0, {count} - 1) AS s(i)")
        } else {
            format!(
                "(WITH RECURSIVE s(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM s WHERE i + 1 < {count}) SELECT i FROM s)"
            )
        }
    }

    /// The time that many seconds ago.
    pub(super) fn ago(&self, seconds: &str) -> String {
        if self.is_postgres {
            format!("now() - ({seconds}) * INTERVAL '1 second'")
        } else {
            format!("strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', (-({seconds})) || ' seconds')")
        }
    }

    /// A text as bytes.
    pub(super) fn bytes(&self, text: &str) -> String {
        let kind = if self.is_postgres { "BYTEA" } else { "BLOB" };
        format!("CAST('{text}' AS {kind})")
    }
}
