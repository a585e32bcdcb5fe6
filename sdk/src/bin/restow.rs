//! `restow`.

use std::process::ExitCode;

fn main() -> ExitCode {
    restow_sdk::cli::main(std::env::args_os())
}
