"""Readers that request the size before the content, on an address of the API that redirects: fsspec, and DuckDB's httpfs.

Usage: readers.py URL_OF_THE_API TOKEN
"""

import sys
import time
from importlib import metadata
from pathlib import Path

import duckdb
import fsspec
import httpx

ROWS = 10_000
CONTENT = ("number,half\n" + "".join(f"{number},{number / 2}\n" for number in range(ROWS))).encode()


def publish(client: httpx.Client) -> str:
    """Publishes the content as the first version of a dataset, and returns the path of its download."""

    def post(path: str, request: dict[str, object]) -> dict[str, str]:
        answer = client.post(path, json=request)
        answer.raise_for_status()
        body: dict[str, str] = answer.json()
        return body

    dataset = post("/datasets", {"name": "for readers"})["id"]
    begun = client.post(
        f"/datasets/{dataset}/reupload/presigned", json={"filename": "numbers.csv", "file_size": len(CONTENT)}
    ).json()
    httpx.put(begun["urls"][0], content=CONTENT, timeout=60).raise_for_status()
    job = begun["job_id"]
    post(f"/datasets/{dataset}/reupload/presigned/{job}/complete", {"parts": []})
    deadline = time.monotonic() + 60
    while (status := client.get(f"/jobs/{job}").json()["status"]) != "ready":
        assert status in ("completing", "inspecting") and time.monotonic() < deadline, status
        time.sleep(0.1)
    post(f"/jobs/{job}/commit", {})
    return f"/datasets/{dataset}/download?redirect=true"


def read_by_fsspec(url: str, token: str) -> None:
    files = fsspec.filesystem("http", client_kwargs={"headers": {"Authorization": f"Bearer {token}"}})
    assert files.info(url)["size"] == len(CONTENT), files.info(url)
    assert files.cat_file(url) == CONTENT
    assert files.cat_file(url, start=100, end=200) == CONTENT[100:200]
    with files.open(url, block_size=4096) as file:
        file.seek(-50, 2)
        assert file.read() == CONTENT[-50:]


def read_by_duckdb(url: str, token: str) -> None:
    extension = next(
        file for file in metadata.files("duckdb-ext-httpfs") or [] if file.name == "httpfs.duckdb_extension"
    )
    connection = duckdb.connect()
    connection.load_extension(str(Path(str(extension.locate()))))
    connection.execute(f"CREATE SECRET (TYPE http, BEARER_TOKEN '{token}')")
    found = connection.execute(f"SELECT count(*), sum(number) FROM read_csv('{url}')").fetchone()
    assert found == (ROWS, sum(range(ROWS))), found


def main(url: str, token: str) -> None:
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        download = url + publish(client)
    read_by_fsspec(download, token)
    read_by_duckdb(download, token)
    print("fsspec and DuckDB read the object through one address of the API")


if __name__ == "__main__":
    main(*sys.argv[1:])
