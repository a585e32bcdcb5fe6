"""A minimal client, with which the hooks create datasets and jobs."""

import time
from typing import Any

import requests

# The issuer that the server trusts.
ISSUER = "http://127.0.0.1:9"

UNDER_WAY = {"completing", "inspecting"}


class Api:
    """The operations from the creation of a dataset to a version."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def create_dataset(self, name: str) -> str:
        return self._post("/datasets", {"name": name})["id"]

    def request_reupload(self, dataset_id: str, filename: str, size: int) -> dict[str, Any]:
        return self._post(f"/datasets/{dataset_id}/reupload/presigned", {"filename": filename, "file_size": size})

    def upload(self, begun: dict[str, Any], content: bytes) -> None:
        part_size = begun.get("part_size") or len(content)
        for index, url in enumerate(begun["urls"]):
            part = content[index * part_size : (index + 1) * part_size]
            # Not with the session: S3 refuses a request that carries a bearer token.
            requests.put(url, data=part, timeout=30).raise_for_status()

    def complete(self, dataset_id: str, job_id: str) -> str:
        """Completes an upload, and returns the state of the job after its inspection."""
        self._post(f"/datasets/{dataset_id}/reupload/presigned/{job_id}/complete", {})
        return self.settled(job_id)

    def settled(self, job_id: str) -> str:
        """State of a job once no background work is left."""
        deadline = time.monotonic() + 60
        while (status := self.status(job_id)) in UNDER_WAY:
            assert time.monotonic() < deadline, f"job {job_id} is {status} for a minute"
            time.sleep(0.02)
        assert status is not None, f"job {job_id} is gone"
        return status

    def status(self, job_id: str) -> str | None:
        """State of a job; None if it does not exist."""
        answer = self.session.get(f"{self.url}/jobs/{job_id}", timeout=30)
        return answer.json()["status"] if answer.ok else None

    def versions(self, dataset_id: str) -> int | None:
        """Number of the newest version of a dataset, 0 if it has none; None if the dataset does not exist."""
        answer = self.session.get(f"{self.url}/datasets/{dataset_id}/versions?limit=1000", timeout=30)
        return max((item["version"] for item in answer.json()["items"]), default=0) if answer.ok else None

    def commit(self, job_id: str) -> None:
        # By force, since the versions of a dataset have the same bytes.
        self._post(f"/jobs/{job_id}/commit", {"force": True})

    def cancel(self, job_id: str) -> None:
        self._post(f"/jobs/{job_id}/cancel", None)

    def create_token(self, name: str) -> str:
        """Identifier of a new token, which may do nothing but read."""
        return self._post("/tokens", {"name": name, "scopes": ["read"]})["token"]["id"]

    def token_id(self) -> str:
        """Identifier of the client's own token."""
        return self.session.get(f"{self.url}/caller", timeout=30).json()["token_id"]

    def put_grant(self, dataset_id: str, principal: str) -> None:
        path = f"/datasets/{dataset_id}/grants/{principal}"
        answer = self.session.put(self.url + path, json={"role": "reader"}, timeout=30)
        assert answer.ok, f"PUT {path}: {answer.status_code} {answer.text}"

    def create_trust_rule(self, dataset_id: str) -> str:
        """Identifier of a new trust rule of a dataset."""
        body = {"issuer": ISSUER, "repository": "octo/weather"}
        return self._post(f"/datasets/{dataset_id}/trust-rules", body)["id"]

    def create_webhook(self, dataset_id: str, new_name: str) -> dict[str, Any]:
        """Identifiers of a new webhook of a dataset, and of its delivery, which says that the dataset has another name."""
        path = f"/datasets/{dataset_id}"
        body = {"url": "https://hooks.example/", "types": ["dataset.renamed"]}
        webhook_id = self._post(f"{path}/webhooks", body)["webhook"]["id"]
        answer = self.session.patch(self.url + path, json={"name": new_name}, timeout=30)
        assert answer.ok, f"PATCH {path}: {answer.status_code} {answer.text}"
        deliveries = f"{self.url}{path}/webhooks/{webhook_id}/deliveries"
        items = self.session.get(deliveries, timeout=30).json()["items"]
        return {"dataset_id": dataset_id, "webhook_id": webhook_id, "delivery_id": items[0]["id"]}

    def _post(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        answer = self.session.post(self.url + path, json=body, timeout=30)
        assert answer.ok, f"POST {path}: {answer.status_code} {answer.text}"
        return answer.json()
