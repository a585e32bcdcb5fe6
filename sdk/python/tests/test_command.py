"""The command `restow` of the package."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import restow
from conftest import WEATHER, WEATHER_ROWS

RESTOW = Path(sys.executable).with_name("restow")


def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([RESTOW, *arguments], capture_output=True, text=True, check=False)


def test_command_pushes(client: restow.Client, name: str) -> None:
    pushed = run("push", WEATHER, "--dataset", name, "--create", "--json")
    assert pushed.returncode == 0, pushed.stderr
    assert json.loads(pushed.stdout)["row_count"] == WEATHER_ROWS
    assert client.dataset(name).current_version == 1


def test_exit_codes_are_those_of_the_command(name: str) -> None:
    assert run("--version").stdout.startswith("restow ")
    assert run("--no-such-option").returncode == 2
    missing = run("versions", name)
    assert (missing.returncode, missing.stdout) == (4, "")
    module = subprocess.run([sys.executable, "-m", "restow", "versions", name], capture_output=True, check=False)
    assert module.returncode == 4


def test_ctrl_c_ends_the_command(client: restow.Client, name: str, tmp_path: Path) -> None:
    # More than a pipe holds, so that the command cannot end before it is interrupted.
    client.push(name, os.urandom(1_000_000), filename="large.bin", create=True)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen([RESTOW, "pull", name, "--output", pipe], stderr=subprocess.PIPE, text=True) as pulling:
        # Returns when the command has opened the other end.
        with pipe.open("rb"):
            pulling.send_signal(signal.SIGINT)
            _, errors = pulling.communicate(timeout=10)
    assert pulling.returncode == 130
    assert "Traceback" not in errors
