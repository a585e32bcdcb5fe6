//! What a proxy does.

/// What the proxy does with requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conduct {
    /// It passes them on.
    Forward,
    /// It refuses them with 403.
    Refuse,
    /// It demands a user name and password: those of `USER` and `PASSWORD`.
    Demand,
    /// It never responds.
    Silent,
}

/// The user name that is accepted.
pub const USER: &str = "alice";

/// The password that is accepted.
pub const PASSWORD: &str = "pr0xyp4ss";
