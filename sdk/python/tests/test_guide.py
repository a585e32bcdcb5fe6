"""The programs of the guide, as it shows them."""

import csv
import os
import runpy
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import restow
from conftest import CSV, REPOSITORY, WEATHER, WEATHER_ROWS, eventually

EXAMPLES = REPOSITORY / "docs/src/examples/python"
DATASETS = ("weather", "rainy-days", "alps", "coast")


@pytest.fixture(autouse=True)
def directory(client: restow.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty directory, and none of the datasets of the guide."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for dataset in client.datasets():
        if dataset.name in DATASETS:
            client.delete_dataset(dataset)


def run(program: str) -> None:
    runpy.run_path(os.fspath(EXAMPLES / program), run_name="__main__")


@pytest.mark.parametrize("library", ["pandas", "polars", "duckdb"])
def test_rainy_days_are_selected(client: restow.Client, library: str) -> None:
    pytest.importorskip(library)
    client.push("weather", WEATHER, create=True)
    run(f"with-{library}.py")
    with WEATHER.open(newline="") as file:
        rainy = sum(float(row["precipitation"]) > 0 for row in csv.DictReader(file))
    version = client.version("rainy-days")
    assert (version.filename, version.row_count) == ("rainy.parquet", rainy)


def test_push_prints_its_outcome(client: restow.Client, directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(WEATHER, directory / "weather.csv")
    run("push.py")
    assert f"version 1 has {WEATHER_ROWS} rows" in capsys.readouterr().out

    (directory / "weather.csv").write_bytes(CSV)
    run("push.py")
    assert "Column `precipitation`" in capsys.readouterr().out
    (directory / "weather.csv").write_bytes(b'day,rain\n1,"0.5\n')
    run("push.py")
    assert "line 2: " in capsys.readouterr().out
    assert client.dataset("weather").current_version == 1


def test_files_are_pushed_concurrently(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("alps", "coast"):
        (directory / f"{name}.csv").write_bytes(CSV)
    run("push-concurrently.py")
    assert capsys.readouterr().out.splitlines() == ["alps is at version 1", "coast is at version 1"]


def test_datasets_are_shared_and_tokens_created(client: restow.Client, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = client.create_dataset("weather")
    run("access.py")
    shared, created = capsys.readouterr().out.splitlines()
    assert shared == "bob is reader"
    caller = restow.Client(token=created.removeprefix("RESTOW_TOKEN=")).caller()
    assert (set(caller.scopes), caller.datasets) == ({"upload", "commit"}, (dataset.id,))


def test_versions_are_followed_without_a_gap(client: restow.Client, directory: Path) -> None:
    def push(rows: int) -> None:
        client.push("weather", b"day\n" + b"1\n" * rows, filename="weather.csv", create=True)

    def is_handled() -> bool | None:
        newest = client.events("weather", limit=1)[0].id
        return (directory / "position.txt").read_text() == str(newest) or None

    push(1)
    with following() as printed:
        assert next(printed) == "version 1 by alice\n"
        push(2)
        assert next(printed) == "version 2 by alice\n"
        assert (directory / "weather.csv").read_bytes() == client.read("weather")
        eventually("the position is written", is_handled)
    push(3)
    with following() as printed:
        assert next(printed) == "version 3 by alice\n"


@contextmanager
def following() -> Iterator[Iterator[str]]:
    """Runs follow.py, and interrupts it in the end."""
    command = [sys.executable, "-u", os.fspath(EXAMPLES / "follow.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as program:
        assert program.stdout is not None
        try:
            yield program.stdout
        finally:
            program.send_signal(signal.SIGINT)
            program.wait(timeout=10)
    assert program.returncode == -signal.SIGINT
