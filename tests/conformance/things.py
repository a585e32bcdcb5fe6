"""Creates datasets and jobs in the requested states."""

import itertools
import os
from dataclasses import dataclass
from typing import Any

from api import Api

CSV = b"station,rain\nseattle,1.5\ntacoma,\n"

# Content that does not match the filename extension.
NO_PARQUET = b"no Parquet\n"

JOB_STATES = ("ready", "uploaded", "awaiting_upload", "committed", "rejected", "cancelled")


@dataclass(frozen=True)
class Job:
    """A job, its dataset, and the status that it must still have to be reused."""

    dataset_id: str
    job_id: str
    status: str


class Things:
    """The pool of datasets and jobs."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.numbers = itertools.count()
        self.jobs: dict[str, Job] = {}
        # Datasets by their number of versions.
        self.datasets: dict[int, str] = {}
        # A principal to share datasets with, and not one whose requests the checks compare.
        self.guest = "carol"

    def fresh_name(self) -> str:
        # Of this process, since several processes run in sequence on one server.
        return f"conformance {os.getpid()}-{next(self.numbers)}"

    def forget(self) -> None:
        """Creates new resources from now on; by default, a resource is reused until a test changes it."""
        self.jobs.clear()
        self.datasets.clear()

    def path_parameters(self, operation: str, names: set[str], choice: int) -> dict[str, Any]:
        """Path parameters of an operation, all of one resource, selected by the choice."""
        if "token_id" in names:
            return {"token_id": self.api.create_token("to be revoked")}
        if "webhook_id" in names:
            # Of a dataset of its own, since a dataset has a limited number of them.
            made = self.api.create_webhook(self.api.create_dataset(self.fresh_name()), self.fresh_name())
            return {name: made[name] for name in names}
        if "job_id" in names:
            # Completing is refused in most states, so it gets completable jobs more often.
            states = ("uploaded", *JOB_STATES) if operation == "complete_presigned_reupload" else JOB_STATES
            job = self.job(states[choice % len(states)])
            return {name: getattr(job, name) for name in names}
        versions = (2, 1, 0)[choice % 3]
        parameters: dict[str, Any] = {"dataset_id": self.dataset(versions)}
        if "rule_id" in names:
            parameters["rule_id"] = self.api.create_trust_rule(parameters["dataset_id"])
        if "version" in names:
            parameters["version"] = max(versions, 1)
        if "principal" in names:
            parameters["principal"] = self.guest
            if operation == "delete_grant":
                self.api.put_grant(parameters["dataset_id"], self.guest)
        return parameters

    def dataset(self, versions: int) -> str:
        """A dataset with this many versions."""
        dataset_id = self.datasets.get(versions)
        if dataset_id is None or self.api.versions(dataset_id) != versions:
            dataset_id = self.api.create_dataset(self.fresh_name())
            for _ in range(versions):
                self.make_job("committed", dataset_id)
            self.datasets[versions] = dataset_id
        return dataset_id

    def job(self, state: str) -> Job:
        """A job in this state. `uploaded` means that all parts are sent, but the upload is not completed."""
        job = self.jobs.get(state)
        if job is None or self.api.status(job.job_id) != job.status:
            job = self.make_job(state, self.api.create_dataset(self.fresh_name()))
            self.jobs[state] = job
        return job

    def make_job(self, state: str, dataset_id: str) -> Job:
        filename, content = ("rain.parquet", NO_PARQUET) if state == "rejected" else ("rain.csv", CSV)
        begun = self.api.request_reupload(dataset_id, filename, len(content))
        job_id = begun["job_id"]
        if state == "awaiting_upload":
            return Job(dataset_id, job_id, state)
        self.api.upload(begun, content)
        if state == "uploaded":
            return Job(dataset_id, job_id, "awaiting_upload")
        if state == "cancelled":
            self.api.cancel(job_id)
            return Job(dataset_id, job_id, state)
        inspected = self.api.complete(dataset_id, job_id)
        assert inspected == ("rejected" if state == "rejected" else "ready"), f"{state}: {inspected}"
        if state == "committed":
            self.api.commit(job_id)
        return Job(dataset_id, job_id, state)
