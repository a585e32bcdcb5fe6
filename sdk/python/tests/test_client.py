"""Pushes, previews, commits and pulls."""

import inspect
import os
import sys
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import restow
from conftest import CSV, WEATHER, WEATHER_ROWS


def test_file_is_pushed_and_pulled(client: restow.Client, name: str, tmp_path: Path) -> None:
    pushed = client.push(name, WEATHER, create=True)
    assert pushed.version is not None
    assert (pushed.version.version, pushed.version.row_count) == (1, WEATHER_ROWS)
    assert pushed.job.filename == WEATHER.name
    assert pushed.bytes_sent == WEATHER.stat().st_size

    pulled = client.pull(name, tmp_path / "latest.csv")
    assert pulled.path.read_bytes() == WEATHER.read_bytes()
    assert pulled.version == pushed.version
    assert pulled.is_verified


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_are_pushed_and_read(
    client: restow.Client, name: str, kind: type[bytes] | type[bytearray] | type[memoryview]
) -> None:
    pushed = client.push(name, kind(CSV), filename="days.csv", create=True)
    assert pushed.version is not None
    assert (pushed.version.filename, pushed.version.content_type) == ("days.csv", "text/csv")
    assert [(column.name, column.type) for column in pushed.preview.columns] == [("day", "integer"), ("rain", "float")]
    assert pushed.preview.sample[0] == (1, 0.5)
    assert client.read(name) == CSV


def test_path_may_be_text_that_is_no_unicode(client: restow.Client, name: str, tmp_path: Path) -> None:
    if sys.platform == "darwin":
        pytest.skip("its file system refuses such names")
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.csv")
    Path(path).write_bytes(CSV)
    assert client.push(name, path, create=True).version is not None
    assert client.pull(name, path + ".copy").path.read_bytes() == CSV


def test_versions_are_listed_and_restored(client: restow.Client, name: str) -> None:
    for content in (CSV, CSV + b"3,1.5\n"):
        client.push(name, content, filename="days.csv", create=True)
    assert [version.version for version in client.versions(name)] == [2, 1]
    assert client.read(name, version=1) == CSV
    assert client.diff(name, 1).row_count == restow.Difference(from_=2, to=3)
    assert client.restore(name, 1, replaces=2).version == 1
    assert client.version(name).row_count == 2
    assert client.version(name, 2).row_count == 3


def test_previewed_job_is_committed(client: restow.Client, name: str) -> None:
    pushed = client.push(name, CSV, filename="days.csv", create=True, commit="never")
    assert pushed.version is None
    assert client.dataset(name).current_version is None
    assert client.job(pushed).status == client.wait(pushed.job).status == "ready"
    preview = client.preview(str(pushed.job.id))
    assert preview == pushed.preview
    assert preview.row_count == 2
    assert client.commit(pushed, replaces=0).version == 1
    assert [job.status for job in client.jobs(name, status="committed")] == ["committed"]


def test_job_is_inspected_again(client: restow.Client, name: str) -> None:
    pushed = client.push(name, CSV, filename="days.csv", create=True, commit="never")
    assert client.inspect(pushed, restow.ReadOptions(header=False)).row_count == 3
    assert client.cancel(pushed).status == "cancelled"


def test_same_bytes_are_no_new_version(client: restow.Client, name: str) -> None:
    client.push(name, CSV, filename="days.csv", create=True)
    assert client.push(name, CSV, filename="days.csv").is_unchanged
    forced = client.push(name, CSV, filename="days.csv", force=True)
    assert forced.version is not None
    assert forced.version.version == 2


def test_datasets_are_created_and_deleted(client: restow.Client, name: str) -> None:
    created = client.create_dataset(name)
    assert client.dataset(created) == client.dataset(created.id) == client.dataset(name) == created
    assert created in client.datasets()
    client.delete_dataset(name)
    assert created not in client.datasets()


def test_times_are_aware(client: restow.Client, name: str) -> None:
    created = client.create_dataset(name).created_at
    assert created.utcoffset() == timedelta(0)
    assert abs(datetime.now(timezone.utc) - created) < timedelta(minutes=5)


def test_results_are_immutable(client: restow.Client, name: str) -> None:
    dataset = client.create_dataset(name)
    with pytest.raises(AttributeError):
        dataset.name = "other"  # type: ignore[misc]
    assert f"name={name!r}" in repr(dataset)


def test_progress_ends_with_all_bytes(client: restow.Client, name: str, tmp_path: Path) -> None:
    uploads: list[restow.UploadProgress] = []
    client.push(name, WEATHER, create=True, on_progress=uploads.append)
    assert (uploads[-1].phase, uploads[-1].bytes_confirmed) == ("commit", WEATHER.stat().st_size)
    assert uploads[-1].rows_inspected in (None, WEATHER_ROWS)
    downloads: list[restow.DownloadProgress] = []
    client.pull(name, tmp_path / "latest.csv", on_progress=downloads.append)
    assert downloads[-1].bytes_done == downloads[-1].bytes_total == WEATHER.stat().st_size


def test_token_is_not_shown(client: restow.Client) -> None:
    assert os.environ["RESTOW_TOKEN"] not in f"{client!r} {vars(client)}"
    assert repr(client) == f"Client({client.endpoint!r})"


def test_async_client_has_the_same_methods() -> None:
    def signatures(kind: type[restow.Client] | type[restow.AsyncClient]) -> dict[str, inspect.Signature]:
        members = inspect.getmembers(kind, inspect.isfunction)
        return {name: signature(member) for name, member in members if name == "__init__" or name[0] != "_"}

    def signature(member: Any) -> inspect.Signature:
        found = inspect.signature(member)
        # An iterator over events is an asynchronous one there.
        is_stream = found.return_annotation in (restow.EventStream, restow.AsyncEventStream)
        return found.replace(return_annotation=Iterator) if is_stream else found

    assert signatures(restow.Client) == signatures(restow.AsyncClient)


@pytest.mark.parametrize("kind", [restow.Client, restow.AsyncClient])
def test_every_call_has_a_description(kind: type[restow.Client] | type[restow.AsyncClient]) -> None:
    for name, member in inspect.getmembers(kind, inspect.isfunction):
        assert name[0] == "_" or member.__doc__, name


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, libraries of the system do not survive a fork")
def test_forked_process_uses_the_client(client: restow.Client, name: str) -> None:
    client.create_dataset(name)
    with warnings.catch_warnings():
        # Python warns of the threads of the native module, which the child does not use.
        warnings.simplefilter("ignore")
        child = os.fork()
    if child == 0:
        found = False
        try:
            found = client.dataset(name).name == name
        finally:
            os._exit(0 if found else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert client.dataset(name).name == name
