"""Lists and streams of events."""

import os
import sys
import threading
import warnings
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
import restow
from conftest import eventually

PAGE = 500
"""Events that the native module requests at once."""
PAIRS = PAGE // 2 + 1
MAX_STREAMS = 20
"""Streams that a principal may have at a server."""
END_OF_A_COMMIT = ["job.committed", "version.committed"]


def push(client: restow.Client, name: str, rows: int) -> restow.PushResult:
    return client.push(name, b"day\n" + b"1\n" * rows, filename="days.csv", create=True)


def types(events: list[restow.Event]) -> list[str]:
    return [event.type for event in events]


def next_version(events: restow.EventStream) -> restow.Event:
    """The next event of a version that was committed."""
    return next(event for event in events if event.type == "version.committed")


def test_events_are_listed_and_restricted(client: restow.Client, name: str) -> None:
    pushed = push(client, name, 1)
    events = client.events(name)
    assert types(events)[::-1][:2] == ["dataset.created", "job.created"]
    assert types(events)[1::-1] == END_OF_A_COMMIT
    assert [event.id for event in events] == sorted((event.id for event in events), reverse=True)
    committed = events[0]
    assert (committed.version, committed.job_id) == (1, pushed.job.id)
    assert committed.outcome == "done" and committed.reason is None
    assert committed.after is not None and committed.after["row_count"] == 1
    assert committed.actor is not None and committed.actor.address is None
    assert committed.actor.principal == client.caller().principal
    assert client.version(name).committed_by == committed.actor.principal

    assert client.events(name, type="version.committed") == [committed]
    assert client.events(name, limit=2) == events[:2]
    assert client.events(name, limit=0) == []
    assert client.events(name, principal="carol") == []
    now = datetime.now(timezone.utc)
    assert client.events(name, since=now + timedelta(days=1)) == []
    assert client.events(name, since=now - timedelta(days=1)) == client.events(name)
    assert client.job_events(pushed) == events[:-1]
    assert client.job_events(pushed.job.id, type="job.created") == [events[-2]]


def test_list_is_longer_than_a_page(client: restow.Client, name: str) -> None:
    client.create_dataset(name)
    for _ in range(PAIRS):
        client.share(name, "bob", "reader")
        client.unshare(name, "bob")
    events = client.events(name)
    assert types(events) == ["grant.deleted", "grant.put"] * PAIRS + ["dataset.created"]
    assert client.events(name, limit=PAGE + 1) == events[: PAGE + 1]
    assert types(client.events(name, type="grant.put")) == ["grant.put"] * PAIRS


def test_arguments_of_lists_are_checked(client: restow.Client, name: str) -> None:
    client.create_dataset(name)
    with pytest.raises(restow.ValidationError, match="time zone"):
        client.events(name, since=datetime(2026, 3, 1))
    with pytest.raises(restow.ValidationError, match="-1"):
        client.events(name, limit=-1)


def test_deployment_is_audited_by_administrators(client: restow.Client, admin: restow.Client, name: str) -> None:
    dataset = client.create_dataset(name)
    (created,) = (event for event in admin.deployment_events(type="dataset.created") if event.dataset_id == dataset.id)
    assert created.actor is not None and created.actor.address is not None
    with pytest.raises(restow.Forbidden):
        client.deployment_events()
    refused = eventually("the refusal is recorded", lambda: newest_refusal(admin))
    assert (refused.outcome, refused.dataset_id) == ("refused", None)


def newest_refusal(admin: restow.Client) -> restow.Event | None:
    """The newest refusal of a list of the deployment's events."""
    refusals = admin.deployment_events(type="access.refused", principal="alice")
    return next((event for event in refusals if event.reason == "forbidden" and event.dataset_id is None), None)


def test_stream_of_a_job_ends_with_it(client: restow.Client, name: str) -> None:
    job = push(client, name, 1).job
    stream = client.follow_job(job)
    events = list(stream)
    assert events == client.job_events(job)[::-1]
    assert (events[0].type, types(events[-2:])) == ("job.created", END_OF_A_COMMIT)
    assert stream.last_id == events[-1].id
    assert list(client.follow_job(job.id, after=events[0].id)) == events[1:]
    assert list(client.follow_job(job, after=events[-1].id)) == []


def test_stream_has_what_happens_from_its_call_on(client: restow.Client, name: str) -> None:
    push(client, name, 1)
    with client.follow(name) as events:
        assert events.last_id is None
        pushed = push(client, name, 2)
        assert next(events).type == "job.created"
        committed = next_version(events)
        assert (committed.version, committed.job_id) == (2, pushed.job.id)
        assert events.last_id == committed.id


def test_stream_is_resumed_without_a_gap(client: restow.Client, name: str) -> None:
    dataset = client.create_dataset(name)
    with client.follow(dataset, after=0) as events:
        assert next(events).type == "dataset.created"
        push(client, name, 1)
        assert next_version(events).version == 1
    push(client, name, 2)
    with client.follow(dataset, after=events.last_id) as resumed:
        assert next(resumed).type == "job.created"
        assert next_version(resumed).version == 2


def test_closed_stream_ends(client: restow.Client, name: str) -> None:
    client.create_dataset(name)
    stream = client.follow(name)
    seen: list[restow.Event] = []
    thread = threading.Thread(target=lambda: seen.extend(stream))
    thread.start()
    stream.close()
    thread.join(10)
    assert not thread.is_alive()
    push(client, name, 1)
    assert seen == list(stream) == []


def test_closed_streams_make_place_for_others(client: restow.Client, name: str) -> None:
    client.create_dataset(name)
    for _ in range(2 * MAX_STREAMS):
        client.follow(name).close()


def test_streams_fail_like_other_calls(client: restow.Client, name: str, new_job: Callable[[str], str]) -> None:
    with pytest.raises(restow.NotFound, match=name):
        client.follow(name)
    with pytest.raises(restow.ValidationError, match="UUID"):
        client.follow_job("no id")
    client.create_dataset(name)
    with pytest.raises(restow.ValidationError) as raised:
        client.follow(name, after=-1)
    assert raised.value.errors[0].loc == ("header", "last-event-id")
    uploader = client.create_token(name, ["upload"])
    with pytest.raises(restow.Forbidden):
        restow.Client(token=uploader.secret).follow(name)
    # The events of a job are seen by those who upload it.
    job = new_job(name)
    with restow.Client(token=uploader.secret).follow_job(job) as events:
        assert next(events).type == "job.created"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, libraries of the system do not survive a fork")
def test_stream_is_that_of_its_process(client: restow.Client, name: str) -> None:
    client.create_dataset(name)
    with client.follow(name, after=0) as events:
        with warnings.catch_warnings():
            # Python warns of the threads of the native module, which the child does not use.
            warnings.simplefilter("ignore")
            child = os.fork()
        if child == 0:
            is_refused = False
            try:
                next(events)
            except restow.RestowError as error:
                is_refused = "after a fork" in str(error)
            finally:
                os._exit(0 if is_refused else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert next(events).type == "dataset.created"
