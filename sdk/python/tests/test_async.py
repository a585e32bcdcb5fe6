"""The client for asyncio."""

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import restow
from conftest import CSV, ISSUER, WEATHER, WEATHER_ROWS


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


def test_events_are_followed(name: str) -> None:
    async def follow() -> list[restow.Event]:
        client = restow.AsyncClient()
        await client.create_dataset(name)
        async with await client.follow(name) as events:
            # A wait that is cancelled loses nothing.
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(anext(events), timeout=0.2)
            waiting = asyncio.create_task(anext(events))
            pushed = await client.push(name, CSV, filename="days.csv")
            seen = [await waiting]
            async for event in events:
                seen.append(event)
                if event.type == "version.committed":
                    break
            assert events.last_id == seen[-1].id
        assert [event async for event in events] == []
        assert [event async for event in await client.follow_job(pushed)] == seen
        return seen

    seen = asyncio.run(follow())
    assert (seen[0].type, seen[-1].version) == ("job.created", 1)


def test_closed_stream_ends_for_other_tasks(name: str) -> None:
    async def close() -> list[restow.Event]:
        client = restow.AsyncClient()
        await client.create_dataset(name)
        events = await client.follow(name)

        async def collect() -> list[restow.Event]:
            return [event async for event in events]

        collecting = asyncio.create_task(collect())
        await asyncio.sleep(0)
        await events.aclose()
        return await asyncio.wait_for(collecting, timeout=10)

    assert asyncio.run(close()) == []


def test_streams_fail_like_other_calls(name: str) -> None:
    async def follow() -> None:
        await restow.AsyncClient().follow(name)

    with pytest.raises(restow.NotFound):
        asyncio.run(follow())


def test_access_is_managed(name: str) -> None:
    async def manage() -> None:
        client = restow.AsyncClient()
        dataset = await client.create_dataset(name)
        created = await client.create_token(name, ["read"], datasets=[dataset])
        caller = await restow.AsyncClient(token=created.secret).caller()
        assert (caller.token_id, caller.datasets) == (created.token.id, (dataset.id,))
        await client.revoke_token(created)
        assert created.token.id in [token.id for token in await client.tokens() if token.revoked_at]

        granted = await client.share(name, "bob", "reader")
        assert await client.grants(name) == [granted]
        await client.unshare(name, "bob")
        assert await client.grants(name) == []

        rule = await client.create_trust_rule(name, "octo/weather", issuer=ISSUER, branch="main")
        assert await client.trust_rules(name) == [rule]
        await client.delete_trust_rule(name, rule)
        assert await client.trust_rules(name) == []

        webhook = await client.create_webhook(name, "https://hooks.example/", ["version.committed"])
        rotated = await client.rotate_webhook_secret(name, webhook)
        assert rotated.secret != webhook.secret
        assert await client.webhooks(name) == [webhook.webhook]
        assert await client.deliveries(name, webhook, limit=1) == []
        with pytest.raises(restow.NotFound):
            await client.resend_delivery(name, webhook, dataset.id)
        await client.delete_webhook(name, webhook)

        listed = await client.events(name, type="grant.put", limit=1)
        assert [event.dataset_id for event in listed] == [dataset.id]
        auditor = restow.AsyncClient(token=os.environ["RESTOW_ADMIN_TOKEN"])
        assert await auditor.deployment_events(type="dataset.created", limit=1)
        pushed = await client.push(name, CSV, filename="days.csv")
        assert (await client.job_events(pushed, limit=1))[0].type == "version.committed"

    asyncio.run(manage())
