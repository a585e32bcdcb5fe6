//! The configuration of the servers, by environment: a release ignores the variables that it does not know.

/// Name of the database.
pub const DATABASE: &str = "upgrade";

/// Name of the principal whose token clients use.
pub const PRINCIPAL: &str = "drill";

/// What every process is started with.
pub fn environment() -> Vec<(String, String)> {
    let variables = [
        ("RESTOW_PART_SIZE", "5MiB"),
        ("RESTOW_SINGLE_PART_LIMIT", "5MiB"),
        // Files of two parts are inspected from the queue, by processes of either release.
        ("RESTOW_INSPECT_INLINE", "1MiB"),
        // Much longer than the balancer takes to see it.
        ("RESTOW_DRAIN", "2s"),
        // All clients have one address and one principal.
        ("RESTOW_NO_RATE_LIMITS", "true"),
        // Reapers of both releases run many times.
        ("RESTOW_REAP_INTERVAL", "1s"),
    ];
    variables
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .into()
}
