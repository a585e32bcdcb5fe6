//! The command-line client, run as people and scripts run it: against a real server, with a real terminal where one
//! belongs. What it did is looked for on the server, in S3 and on the disk, besides what it says.

mod dataset;
mod doctor;
mod help;
mod job;
mod login;
mod pull;
mod push;
mod refusal;
mod resume;
mod screen;
mod script;
mod shell;
mod terminal;
