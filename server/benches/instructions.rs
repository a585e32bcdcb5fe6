//! Instructions of what each request computes.

fn main() {}
