//! Programs that drive whole systems, and the server itself, so that one build is enough for all of them.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    let program = arguments.next();
    match arguments.next().as_deref().and_then(std::ffi::OsStr::to_str) {
        Some("server") => restow_server::cli::main(program.into_iter().chain(arguments)),
        _ => {
            eprintln!("usage: system server|demo …");
            ExitCode::from(2)
        }
    }
}
