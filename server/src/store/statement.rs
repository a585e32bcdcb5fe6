//! Statements are constants, and each of them is on a list, so that a test can prepare all of them on both databases.
//!
//! Where a statement names a row by its id, its other conditions must not be those of a partial index: PostgreSQL may then read
//! the whole index, which is as cheap while it is empty, and keeps that plan when thousands of uploads have come. So such
//! conditions are expressions (`status || ''`, `CASE WHEN deleted_at IS NULL THEN TRUE END`).

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
            " AND CASE WHEN d.deleted_at IS NULL THEN TRUE END)"
        )
    };
}
pub(super) use of_dataset;

/// The condition that a principal is enabled, and owns a dataset, has the role `owner` on it or is an administrator: the
/// expressions of the principal and of the dataset. Without a principal, the owner of the dataset counts.
macro_rules! is_owner {
    ($principal:literal, $dataset:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM datasets o JOIN principals c ON c.id = COALESCE(",
            $principal,
            ", o.principal_id) WHERE o.id = ",
            $dataset,
            " AND c.disabled_at IS NULL AND (c.id = o.principal_id OR c.is_admin OR EXISTS (SELECT 1 FROM grants g \
             WHERE g.dataset_id = o.id AND g.principal_id = c.id AND g.role = 'owner')))"
        )
    };
}
pub(super) use is_owner;
