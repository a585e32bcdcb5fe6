"""`python -m restow` is the command `restow`."""

from ._command import main

main()
