"""Replaces the data of a dataset: python reupload.py DATASET_ID FILE (with RESTOW_API and RESTOW_TOKEN set)."""
import mimetypes
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

dataset_id, path = sys.argv[1], Path(sys.argv[2])
session = requests.Session()
session.headers["Authorization"] = f"Bearer {os.environ['RESTOW_TOKEN']}"


def call(method, operation, body=None):
    response = session.request(method, os.environ["RESTOW_API"] + operation, json=body, timeout=60)
    if not response.ok:
        sys.exit(response.text)
    return response.json()


def put(url, offset, size):
    with path.open("rb") as file:
        file.seek(offset)
        # Without the token: the signed URL is sufficient. S3 refuses any size but the signed one.
        requests.put(url, data=file.read(size), timeout=600).raise_for_status()


reupload = f"/datasets/{dataset_id}/reupload/presigned"
file_size = path.stat().st_size
content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
upload = call("POST", reupload, {"filename": path.name, "file_size": file_size, "content_type": content_type})
job_id, part_size = upload["job_id"], upload["part_size"] or file_size
print("job", job_id)

with ThreadPoolExecutor(max_workers=4) as pool:
    sent = [pool.submit(put, url, index * part_size, part_size) for index, url in enumerate(upload["urls"])]
for part in sent:
    part.result()

call("POST", f"{reupload}/{job_id}/complete", {})
while (job := call("GET", f"/jobs/{job_id}"))["status"] in ("completing", "inspecting"):
    time.sleep(1)
if job["status"] != "ready":
    sys.exit(f"the job is {job['status']}: {job['error']}")

print(call("GET", f"/jobs/{job_id}/preview"))
print(call("POST", f"/jobs/{job_id}/commit", {}))
