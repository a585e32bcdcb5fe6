//! Contract tests: the real server, driven over HTTP.
