//! Options in the environment.

use std::env;

use clap::builder::Resettable;
use clap::{Arg, Command};

/// Makes an empty variable the same as none, for all options: it is how scripts and container files unset one.
pub fn ignore_empty(command: Command) -> Command {
    let is_empty = |argument: &Arg| {
        let value = argument.get_env().and_then(env::var_os);
        value.is_some_and(|value| value.is_empty())
    };
    command
        .mut_args(|argument| {
            if is_empty(&argument) {
                argument.env(Resettable::Reset)
            } else {
                argument
            }
        })
        .mut_subcommands(ignore_empty)
}
