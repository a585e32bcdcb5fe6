"""The client for asyncio."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import restow
from conftest import CSV, WEATHER, WEATHER_ROWS


def test_calls_run_at_the_same_time(name: str, tmp_path: Path) -> None:
    async def push_all() -> list[restow.PushResult]:
        client = restow.AsyncClient()
        names = [f"{name}-{number}" for number in range(4)]
        return await asyncio.gather(*(client.push(each, WEATHER, create=True) for each in names))

    pushed = asyncio.run(push_all())
    assert [result.version.row_count for result in pushed if result.version] == [WEATHER_ROWS] * 4

    async def pull() -> restow.PullResult:
        return await restow.AsyncClient().pull(pushed[0].dataset, tmp_path / "latest.csv")

    assert asyncio.run(pull()).path.read_bytes() == WEATHER.read_bytes()


def test_event_loop_runs_meanwhile(name: str, client: restow.Client, new_job: Callable[[str], str]) -> None:
    client.create_dataset(name)
    job = new_job(name)

    async def cancel_while_waiting() -> None:
        client = restow.AsyncClient()
        waiting = asyncio.create_task(client.wait(job))
        assert (await client.cancel(job)).status == "cancelled"
        with pytest.raises(restow.JobFailed):
            await waiting

    asyncio.run(cancel_while_waiting())


def test_cancelled_call_stops(name: str, client: restow.Client, new_job: Callable[[str], str]) -> None:
    client.create_dataset(name)
    job = new_job(name)

    async def give_up() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(restow.AsyncClient().wait(job), timeout=0.2)

    asyncio.run(give_up())
    assert client.job(job).status == "awaiting_upload"


def test_callbacks_run_in_the_event_loop(name: str) -> None:
    seen: list[tuple[int, restow.UploadProgress]] = []

    async def push() -> None:
        client = restow.AsyncClient()
        await client.push(
            name,
            CSV,
            filename="days.csv",
            create=True,
            on_progress=lambda progress: seen.append((threading.get_ident(), progress)),
        )

    asyncio.run(push())
    assert {thread for thread, _ in seen} == {threading.get_ident()}
    assert seen[-1][1].bytes_confirmed == len(CSV)


def test_exception_of_callback_stops_the_call(name: str) -> None:
    def stop(_: restow.UploadProgress) -> None:
        raise ZeroDivisionError

    async def push() -> None:
        await restow.AsyncClient().push(name, CSV, filename="days.csv", create=True, on_progress=stop)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(push())


def test_errors_are_those_of_the_client(name: str) -> None:
    async def find() -> None:
        await restow.AsyncClient().dataset(name)

    with pytest.raises(restow.NotFound):
        asyncio.run(find())
