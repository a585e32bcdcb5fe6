"""Tests against the real server that `cargo xtask test --all --stage python` starts.

It sets RESTOW_ENDPOINT and RESTOW_TOKEN, RESTOW_OTHER_TOKEN to the token of another principal, and RESTOW_ADMIN_TOKEN
to that of an administrator.
"""

import json
import os
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import pytest
import restow

T = TypeVar("T")

REPOSITORY = Path(__file__).parents[3]
WEATHER = REPOSITORY / "tests/data/seattle-weather.csv"
WEATHER_ROWS = 1461
ISSUER = "http://127.0.0.1:9"
"""The issuer of CI jobs that the server is configured for."""
CSV = b"day,rain\n1,0.5\n2,0.0\n"

CONDITION_TIMEOUT = 30.0
INTERVAL = 0.1


def eventually(what: str, look: Callable[[], T | None]) -> T:
    """What `look` returns, once that is not None."""
    deadline = time.monotonic() + CONDITION_TIMEOUT
    while (found := look()) is None:
        assert time.monotonic() < deadline, f"timed out: {what}"
        time.sleep(INTERVAL)
    return found


@pytest.fixture(autouse=True, scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home directory of its own, where the client records its transfers."""
    directory = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(directory))
        for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
            patch.delenv(name, raising=False)
        yield directory


@pytest.fixture(scope="session")
def client(home: Path) -> restow.Client:
    return restow.Client()


@pytest.fixture(scope="session")
def other(home: Path) -> restow.Client:
    """A client of another principal."""
    return restow.Client(token=os.environ["RESTOW_OTHER_TOKEN"])


@pytest.fixture(scope="session")
def admin(home: Path) -> restow.Client:
    """A client of an administrator."""
    return restow.Client(token=os.environ["RESTOW_ADMIN_TOKEN"])


@pytest.fixture
def name() -> str:
    """The name of a dataset that does not exist."""
    return f"python-{uuid4().hex}"


@pytest.fixture
def new_job(client: restow.Client) -> Callable[[str], str]:
    """Begins an upload of which no part is sent: its job waits until its deadline."""

    def begin(dataset: str) -> str:
        url = f"{client.endpoint}/datasets/{client.dataset(dataset).id}/reupload/presigned"
        body = json.dumps({"filename": "weather.csv", "file_size": 9, "content_type": "text/csv"})
        headers = {"Authorization": f"Bearer {os.environ['RESTOW_TOKEN']}", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(url, body.encode(), headers)) as response:
            job: str = json.load(response)["job_id"]
        return job

    return begin
