//! `restow-server`.

use std::process::ExitCode;

fn main() -> ExitCode {
    restow_server::cli::main(std::env::args_os())
}
