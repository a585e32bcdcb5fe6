//! The `restow` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    restow_cli::main(std::env::args_os())
}
