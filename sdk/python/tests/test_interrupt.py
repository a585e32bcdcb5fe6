"""Ctrl-C, callbacks that raise, and the resumption of what they stop."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import CodeType

import pytest
import restow

MEGABYTE = 1024 * 1024


class Stopped(Exception):
    """Raised by a callback."""


def interrupt_when_waiting(caller: CodeType = restow.Client._run.__code__) -> threading.Thread:
    """Sends SIGINT as soon as the main thread is in the native module, which this function has called."""

    def interrupt() -> None:
        main = threading.main_thread().ident
        assert main is not None
        while sys._current_frames()[main].f_code is not caller:
            os.sched_yield()
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    return thread


def test_ctrl_c_interrupts_a_blocking_call(client: restow.Client, name: str, new_job: Callable[[str], str]) -> None:
    client.create_dataset(name)
    job = new_job(name)
    thread = interrupt_when_waiting()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        client.wait(job)
    assert time.monotonic() - begun < 1
    thread.join()
    assert client.job(job).status == "awaiting_upload"


def test_ctrl_c_interrupts_a_stream_without_loss(client: restow.Client, name: str) -> None:
    client.create_dataset(name)
    with client.follow(name) as events:
        thread = interrupt_when_waiting(restow.EventStream._run.__code__)
        begun = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            next(events)
        assert time.monotonic() - begun < 1
        thread.join()
        client.push(name, b"a\n1\n", filename="a.csv")
        assert next(events).type == "job.created"


def test_other_threads_run_meanwhile(client: restow.Client, name: str, new_job: Callable[[str], str]) -> None:
    client.create_dataset(name)
    job = new_job(name)
    outcome: list[BaseException] = []

    def wait() -> None:
        try:
            client.wait(job)
        except restow.RestowError as error:
            outcome.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    client.cancel(job)
    thread.join(10)
    assert [type(error) for error in outcome] == [restow.JobFailed]


def test_stopped_upload_is_resumed(
    client: restow.Client, name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(os.urandom(MEGABYTE) * 96)
    client.create_dataset(name)
    confirmed: list[int] = []

    def stop(progress: restow.UploadProgress) -> None:
        if progress.bytes_confirmed > 0:
            confirmed.append(progress.bytes_confirmed)
            raise Stopped

    with pytest.raises(Stopped):
        client.push(name, path, concurrency=1, on_progress=stop)
    assert confirmed[0] < path.stat().st_size
    with caplog.at_level(logging.INFO, "restow"):
        resumed = client.push(name, path)
    assert resumed.bytes_held >= confirmed[0]
    assert resumed.bytes_held + resumed.bytes_sent == path.stat().st_size
    assert any(message.startswith(f"resuming job {resumed.job.id}") for message in caplog.messages)
    assert client.read(name) == path.read_bytes()


def test_callback_runs_in_the_calling_thread(client: restow.Client, name: str) -> None:
    threads: set[int] = set()
    pushed = client.push(
        name, b"a\n1\n", filename="a.csv", create=True, on_progress=lambda _: threads.add(threading.get_ident())
    )
    assert pushed.version is not None
    assert threads == {threading.get_ident()}
