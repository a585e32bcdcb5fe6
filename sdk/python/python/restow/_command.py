"""The command `restow`."""

import signal
import sys
from typing import NoReturn

from ._native import command


def main() -> NoReturn:
    """Runs the command with the arguments of this process, and ends the process with its exit code."""
    # The command handles Ctrl-C itself. Python's own handler would raise KeyboardInterrupt after it.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(command(["restow", *sys.argv[1:]]))
