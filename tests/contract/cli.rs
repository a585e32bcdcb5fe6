//! The command line client, run as users and scripts run it: against a real server, and where needed on a real terminal.
//! Tests assert its effects on the server, in S3 and on the disk as well as its output.

mod about;
mod access;
mod certificate;
mod closed_output;
mod dataset;
mod doctor;
mod doctor_cause;
mod help;
mod hint;
mod inspection;
mod interrupt;
mod job;
mod list;
mod login;
mod profile;
mod progress;
mod prompt;
mod proxy;
mod pull;
mod pull_resume;
mod pull_target;
mod push;
mod push_directory;
mod push_requests;
mod raw_request;
mod refusal;
mod resume;
mod screen;
mod script;
mod server_state;
mod several;
pub mod shell;
pub mod terminal;
mod webhook;
mod webhook_add;
