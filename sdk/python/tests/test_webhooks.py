"""Webhooks, and a receiver that verifies what it gets."""

import base64
import hashlib
import hmac
import json
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import pytest
import restow
from conftest import CSV, eventually

MESSAGE_TIMEOUT = 30.0
MAX_WEBHOOKS = 20


@dataclass(frozen=True)
class Received:
    """A message as the receiver got it."""

    headers: Message
    body: bytes

    def is_signed_with(self, secret: str) -> bool:
        """Whether the secret verifies it, by the scheme of Standard Webhooks."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = b".".join((self.id.encode(), self.headers["webhook-timestamp"].encode(), self.body))
        signature = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        return signature in self.headers["webhook-signature"].split(" ")

    @property
    def id(self) -> str:
        return str(self.headers["webhook-id"])


class Receiver:
    """A receiver on this machine, which accepts every message."""

    def __init__(self) -> None:
        messages: queue.SimpleQueue[Received] = queue.SimpleQueue()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                messages.put(Received(self.headers, self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *arguments: object) -> None:
                """Nothing is logged."""

        self.messages = messages
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/restow"
        self.thread = threading.Thread(target=self.server.serve_forever)

    def next(self) -> Received:
        return self.messages.get(timeout=MESSAGE_TIMEOUT)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    receiver.thread.start()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()
    receiver.thread.join()


def delivered(client: restow.Client, name: str, webhook: restow.WebhookSecret, attempts: int) -> restow.Delivery | None:
    """The newest delivery, if it was accepted at this attempt."""
    newest = client.deliveries(name, webhook, limit=1)
    return newest[0] if newest and newest[0].status == "delivered" and newest[0].attempts == attempts else None


def test_event_is_delivered_and_sent_again(client: restow.Client, name: str, receiver: Receiver) -> None:
    dataset = client.create_dataset(name)
    created = client.create_webhook(dataset, receiver.url, ["version.committed", "dataset.deleted"])
    assert created.secret not in repr(created)
    assert created.webhook.dataset_id == dataset.id
    assert set(created.webhook.types) == {"version.committed", "dataset.deleted"}
    assert client.webhooks(name) == [created.webhook]

    client.push(name, CSV, filename="days.csv")
    message = receiver.next()
    assert message.is_signed_with(created.secret)
    sent = json.loads(message.body)
    assert (sent["type"], sent["data"]["version"]) == ("version.committed", 1)
    first = eventually("the delivery is accepted", lambda: delivered(client, name, created, 1))
    assert (first.type, first.event_id, first.response_status) == ("version.committed", sent["data"]["id"], 204)
    assert (first.error, first.next_attempt_at) == (None, None)
    assert first.delivered_at is not None

    assert client.resend_delivery(name, created.webhook, first).id == first.id
    assert receiver.next().id == message.id
    eventually("it is accepted again", lambda: delivered(client, name, created, 2))
    assert len(client.deliveries(name, str(created.webhook.id))) == 1


def test_rotated_secret_overlaps_the_earlier_one(client: restow.Client, name: str, receiver: Receiver) -> None:
    client.create_dataset(name)
    created = client.create_webhook(name, receiver.url, "version.committed")  # type: ignore[arg-type]
    rotated = client.rotate_webhook_secret(name, created)
    assert rotated.webhook == created.webhook
    assert rotated.secret != created.secret
    client.push(name, CSV, filename="days.csv")
    message = receiver.next()
    assert message.is_signed_with(created.secret) and message.is_signed_with(rotated.secret)
    assert not message.is_signed_with("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


def test_deleted_webhook_is_not_found(client: restow.Client, name: str) -> None:
    client.create_dataset(name)
    first, second = (client.create_webhook(name, f"https://hooks.example/{n}", ["job.failed"]) for n in range(2))
    client.delete_webhook(name, first)
    assert client.webhooks(name) == [second.webhook]
    calls: list[Callable[[str, UUID], object]]
    calls = [client.deliveries, client.rotate_webhook_secret, client.delete_webhook]
    for call in calls:
        with pytest.raises(restow.NotFound) as raised:
            call(name, first.webhook.id)
        assert raised.value.errors[0].loc == ("path", "webhook_id")


def test_unusable_webhooks_are_refused(client: restow.Client, other: restow.Client, name: str) -> None:
    dataset = client.create_dataset(name)
    with pytest.raises(restow.ValidationError) as raised:
        client.create_webhook(name, "https://user:password@hooks.example/", ["job.failed"])
    assert raised.value.type == "webhook_url_not_allowed"
    assert "password" not in str(raised.value)
    with pytest.raises(restow.ValidationError, match="url"):
        client.create_webhook(name, "ftp://hooks.example/", ["job.failed"])
    with pytest.raises(restow.ValidationError, match="job.failed"):
        client.create_webhook(name, "https://hooks.example/", ["volcano.erupted"])  # type: ignore[list-item]
    with pytest.raises(restow.NotFound):
        other.create_webhook(dataset.id, "https://hooks.example/", ["job.failed"])
    assert client.webhooks(name) == []


def test_webhooks_of_a_dataset_are_bounded(client: restow.Client, name: str) -> None:
    client.create_dataset(name)
    for number in range(MAX_WEBHOOKS):
        client.create_webhook(name, f"https://hooks.example/{number}", ["job.failed"])
    with pytest.raises(restow.Conflict) as raised:
        client.create_webhook(name, "https://hooks.example/", ["job.failed"])
    assert raised.value.type == "too_many_webhooks"
    assert raised.value.errors[0].ctx == {"limit": MAX_WEBHOOKS}
