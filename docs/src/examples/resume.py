"""Sends the parts that S3 lacks of an upload: python resume.py JOB_ID FILE (with RESTOW_API and RESTOW_TOKEN set)."""
import os
import sys
from pathlib import Path

import requests

job_id, path = sys.argv[1], Path(sys.argv[2])
session = requests.Session()
session.headers["Authorization"] = f"Bearer {os.environ['RESTOW_TOKEN']}"


def call(method, operation, body=None, **query):
    response = session.request(method, os.environ["RESTOW_API"] + operation, json=body, params=query, timeout=60)
    if not response.ok:
        sys.exit(response.text)
    return response.json()


job = call("GET", f"/jobs/{job_id}")
if path.stat().st_size != job["file_size"]:
    sys.exit("the file size differs from that of the job")

held, page = {}, call("GET", f"/jobs/{job_id}/parts", limit=1000)
while page["items"]:
    held.update((part["part_number"], part["size"]) for part in page["items"])
    if not page["next_page"]:
        break
    page = call("GET", f"/jobs/{job_id}/parts", limit=1000, page_token=page["next_page"])

part_size = job["part_size"] or job["file_size"]
sizes = {number: min(part_size, job["file_size"] - offset)
         for number, offset in enumerate(range(0, job["file_size"], part_size), start=1)}
missing = [number for number, size in sizes.items() if held.get(number) != size]
print(f"{len(missing)} of {len(sizes)} parts are missing")

with path.open("rb") as file:
    # Request few URLs at a time, so that none expires before it is used.
    for batch in (missing[first:first + 50] for first in range(0, len(missing), 50)):
        for part in call("POST", f"/jobs/{job_id}/urls", {"part_numbers": batch})["items"]:
            file.seek((part["part_number"] - 1) * part_size)
            requests.put(part["url"], data=file.read(part["content_length"]), timeout=600).raise_for_status()

print(call("POST", f"/datasets/{job['dataset_id']}/reupload/presigned/{job_id}/complete", {}))
