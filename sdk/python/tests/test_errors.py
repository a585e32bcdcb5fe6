"""The exceptions, by kind."""

import copy
import os
import pickle
import socket
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
import restow
from conftest import CSV

WITHOUT_RAIN = b"day\n1\n2\n"
UNCLOSED_QUOTE = b'day,rain\n1,"0.5\n2,0.0\n'


def test_unknown_dataset_is_not_found(client: restow.Client, name: str) -> None:
    with pytest.raises(restow.NotFound, match=name) as raised:
        client.dataset(name)
    assert raised.value.type == "not_found"
    assert isinstance(raised.value, LookupError)


def test_dataset_without_versions_has_none(client: restow.Client, name: str) -> None:
    client.create_dataset(name)
    with pytest.raises(restow.NotFound, match="has no version yet"):
        client.read(name)


def test_dataset_of_other_principal_is_not_found(client: restow.Client, name: str) -> None:
    dataset = client.create_dataset(name)
    with pytest.raises(restow.NotFound):
        restow.Client(token=os.environ["RESTOW_OTHER_TOKEN"]).dataset(dataset)


def test_unknown_token_is_unauthorized() -> None:
    with pytest.raises(restow.Unauthorized) as raised:
        restow.Client(token="unknown").datasets()
    assert (raised.value.status, raised.value.type) == (401, "invalid_token")


def test_missing_credentials_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESTOW_TOKEN")
    with pytest.raises(restow.Unauthorized, match="set RESTOW_ENDPOINT and RESTOW_TOKEN"):
        restow.Client()


def test_taken_name_is_a_conflict(client: restow.Client, name: str) -> None:
    client.create_dataset(name)
    with pytest.raises(restow.Conflict) as raised:
        client.create_dataset(name)
    assert raised.value.type == "name_taken"


def test_invalid_arguments_are_named(client: restow.Client, name: str) -> None:
    with pytest.raises(restow.ValidationError) as raised:
        client.restore(client.create_dataset(name), 0)
    assert [(error.type, error.loc) for error in raised.value.errors] == [("greater_than_equal", ("path", "version"))]
    assert raised.value.errors[0].ctx == {"ge": 1}
    assert raised.value.status == 422
    with pytest.raises(restow.ValidationError, match="255"):
        client.create_dataset("a" * 256)
    with pytest.raises(restow.ValidationError, match="UUID"):
        client.job("no id")
    with pytest.raises(restow.ValidationError, match="sometimes"):
        client.push(name, CSV, filename="days.csv", commit="sometimes")  # type: ignore[arg-type]
    with pytest.raises(restow.ValidationError, match="pass `filename`"):
        client.push(name, CSV, create=True)
    for endpoint, timeout in (("ftp://restow.example", 1.0), (client.endpoint, -1.0)):
        with pytest.raises(restow.ValidationError):
            restow.Client(endpoint, "token", request_timeout=timeout)


def test_unreadable_content_is_rejected(client: restow.Client, name: str) -> None:
    with pytest.raises(restow.Rejected) as raised:
        client.push(name, UNCLOSED_QUOTE, filename="days.csv", create=True)
    rejected = raised.value
    assert [finding.type for finding in rejected.findings if finding.severity == "error"] == ["unclosed_quote"]
    assert rejected.job_id is not None
    assert client.inspect(rejected.job_id, restow.ReadOptions(quote="")).row_count == 2
    assert client.commit(rejected.job_id).version == 1


def test_breaking_change_is_refused_until_accepted(client: restow.Client, name: str) -> None:
    client.push(name, CSV, filename="days.csv", create=True)
    with pytest.raises(restow.BreakingChange) as raised:
        client.push(name, WITHOUT_RAIN, filename="days.csv")
    refused = raised.value
    assert [(change.kind, change.column) for change in refused.changes] == [("column_removed", "rain")]
    assert refused.preview is not None and refused.preview.schema_diff.verdict == "breaking"
    assert client.dataset(name).current_version == 1

    assert isinstance(refused.job_id, UUID)
    with pytest.raises(restow.BreakingChange) as raised:
        client.commit(refused.job_id)
    assert raised.value.changes == refused.changes
    assert client.commit(refused.job_id, accept="column_removed").version == 2  # type: ignore[arg-type]
    client.push(name, b"rain\n1\n", filename="days.csv", accept=["column_removed"])
    assert client.dataset(name).current_version == 3


def test_other_version_is_a_conflict(client: restow.Client, name: str) -> None:
    first, second = (
        client.push(name, CSV + line, filename="days.csv", create=True, commit="never")
        for line in (b"3,1.0\n", b"4,1.0\n")
    )
    client.commit(first)
    with pytest.raises(restow.VersionConflict) as raised:
        client.commit(second)
    assert raised.value.current == 1
    with pytest.raises(restow.VersionConflict) as raised:
        client.push(name, CSV, filename="days.csv", replaces=0)
    assert (raised.value.expected, raised.value.current) == (None, 1)


def test_cancelled_job_has_failed(client: restow.Client, name: str, new_job: Callable[[str], str]) -> None:
    client.create_dataset(name)
    job = new_job(name)
    client.cancel(job)
    with pytest.raises(restow.JobFailed, match="cancelled"):
        client.wait(job)
    with pytest.raises(restow.Conflict) as raised:
        client.commit(job)
    assert raised.value.type == "invalid_state"


def test_unreachable_server_is_unavailable() -> None:
    with socket.socket() as unused:
        # It does not listen, and no other process can.
        unused.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(restow.Unavailable) as raised:
            restow.Client(endpoint, "token", retries=0).datasets()
    assert raised.value.is_transient
    assert raised.value.status is None


def test_local_files_fail_as_those_of_python(client: restow.Client, name: str, tmp_path: Path) -> None:
    missing = tmp_path / "missing.csv"
    with pytest.raises(FileNotFoundError) as raised:
        client.push(name, missing, create=True)
    assert raised.value.filename == str(missing)
    with pytest.raises(restow.NotFound):
        client.dataset(name)

    client.push(name, CSV, filename="days.csv", create=True)
    existing = tmp_path / "days.csv"
    existing.write_text("mine")
    with pytest.raises(FileExistsError):
        client.pull(name, existing, replace=False)
    with pytest.raises(IsADirectoryError):
        client.pull(name, tmp_path)
    assert existing.read_text() == "mine"


def test_refused_file_leaves_no_dataset(client: restow.Client, name: str) -> None:
    with pytest.raises(restow.ValidationError, match="empty"):
        client.push(name, b"", filename="days.csv", create=True)
    with pytest.raises(restow.NotFound):
        client.dataset(name)


def test_exceptions_can_be_copied(client: restow.Client, name: str) -> None:
    with pytest.raises(restow.Rejected) as raised:
        client.push(name, UNCLOSED_QUOTE, filename="days.csv", create=True)
    for copied in (copy.deepcopy(raised.value), pickle.loads(pickle.dumps(raised.value))):
        assert str(copied) == str(raised.value)
        assert copied.findings == raised.value.findings
