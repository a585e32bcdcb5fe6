//! Statements are constants, and each of them is on a list, so that a test can prepare all of them on both databases.

/// Names the statements of a module, and lists them. One whose name ends in `_SQLITE` or `_POSTGRES` is for that
/// database alone.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$doc])* const $name: &str = $sql;)+

        /// The statements of the module, by name.
        #[cfg(test)]
        pub(super) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}
pub(super) use statements;

/// The condition that the dataset of a row exists, and is the principal's: the names of the table and of the parameter.
macro_rules! of_dataset {
    ($table:literal, $principal:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM datasets d WHERE d.id = ",
            $table,
            ".dataset_id AND d.principal_id = ",
            $principal,
            " AND d.deleted_at IS NULL)"
        )
    };
}
pub(super) use of_dataset;
