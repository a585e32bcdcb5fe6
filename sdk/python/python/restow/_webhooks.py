"""Webhooks: receivers of the events of a dataset."""

from collections.abc import Iterable
from uuid import UUID

from ._calls import AsyncCalls, Calls
from ._request import DatasetReference, Request, dataset_argument, many, nothing, one, operation, texts
from ._types.webhook import Delivery, Webhook, WebhookEventType, WebhookSecret

WebhookReference = str | UUID | Webhook | WebhookSecret
DeliveryReference = str | UUID | Delivery


class WebhookCalls(Calls):
    """The methods of `Client` on webhooks, which are given by their id, a `Webhook` or a `WebhookSecret`. They take the scope
    `admin` and the role `owner`."""

    def webhooks(self, dataset: DatasetReference) -> list[Webhook]:
        """Returns the webhooks of a dataset, oldest first. Takes the scope `admin` and the role `owner`."""
        return self._run(_webhooks(dataset))

    def create_webhook(self, dataset: DatasetReference, url: str, types: Iterable[WebhookEventType]) -> WebhookSecret:
        """Has events of a dataset sent to a URL by POST, signed by the scheme of Standard Webhooks.

        An event is sent again for a day until the receiver responds with 2xx within 15 seconds. The secret by which the
        receiver verifies messages is in the result only. Takes the scope `admin` and the role `owner`.

        Args:
            dataset: Name or id.
            url: URL that begins with `https://`, and whose host has a public address.
            types: Types of events that are sent.

        Raises:
            ValidationError: The URL is not allowed (`webhook_url_not_allowed`), or a type is unknown.
            Conflict: The dataset has 20 webhooks (`too_many_webhooks`).
        """
        return self._run(_create_webhook(dataset, url, types))

    def rotate_webhook_secret(self, dataset: DatasetReference, webhook: WebhookReference) -> WebhookSecret:
        """Gives a webhook another secret, which is in the result only.

        For a day, messages are signed with the earlier one too. Takes the scope `admin` and the role `owner`. Raises `NotFound`
        if there is no such webhook.
        """
        return self._run(_rotate_webhook_secret(dataset, webhook))

    def delete_webhook(self, dataset: DatasetReference, webhook: WebhookReference) -> None:
        """Deletes a webhook with its deliveries. Those that are being sent may still arrive.

        Takes the scope `admin` and the role `owner`. Raises `NotFound` if there is no such webhook.
        """
        return self._run(_delete_webhook(dataset, webhook))

    def deliveries(
        self, dataset: DatasetReference, webhook: WebhookReference, *, limit: int | None = None
    ) -> list[Delivery]:
        """Returns what was sent to a webhook, and what became of it, newest first.

        `limit` is the maximum number; by default all are returned. Takes the scope `admin` and the role `owner`. Raises
        `NotFound` if there is no such webhook.
        """
        return self._run(_deliveries(dataset, webhook, limit))

    def resend_delivery(
        self, dataset: DatasetReference, webhook: WebhookReference, delivery: DeliveryReference
    ) -> Delivery:
        """Sends an event to a webhook again, whatever became of it, with the same `webhook-id`.

        The delivery is given by its id or a `Delivery`. Takes the scope `admin` and the role `owner`. Raises `NotFound` if there
        is no such webhook or delivery.
        """
        return self._run(_resend_delivery(dataset, webhook, delivery))


class AsyncWebhookCalls(AsyncCalls):
    """The methods of `AsyncClient` on webhooks."""

    async def webhooks(self, dataset: DatasetReference) -> list[Webhook]:
        """Like `Client.webhooks`."""
        return await self._run(_webhooks(dataset))

    async def create_webhook(
        self, dataset: DatasetReference, url: str, types: Iterable[WebhookEventType]
    ) -> WebhookSecret:
        """Like `Client.create_webhook`."""
        return await self._run(_create_webhook(dataset, url, types))

    async def rotate_webhook_secret(self, dataset: DatasetReference, webhook: WebhookReference) -> WebhookSecret:
        """Like `Client.rotate_webhook_secret`."""
        return await self._run(_rotate_webhook_secret(dataset, webhook))

    async def delete_webhook(self, dataset: DatasetReference, webhook: WebhookReference) -> None:
        """Like `Client.delete_webhook`."""
        return await self._run(_delete_webhook(dataset, webhook))

    async def deliveries(
        self, dataset: DatasetReference, webhook: WebhookReference, *, limit: int | None = None
    ) -> list[Delivery]:
        """Like `Client.deliveries`."""
        return await self._run(_deliveries(dataset, webhook, limit))

    async def resend_delivery(
        self, dataset: DatasetReference, webhook: WebhookReference, delivery: DeliveryReference
    ) -> Delivery:
        """Like `Client.resend_delivery`."""
        return await self._run(_resend_delivery(dataset, webhook, delivery))


def _webhooks(reference: DatasetReference) -> Request[list[Webhook]]:
    return Request(operation("webhook", "list", dataset=dataset_argument(reference)), many(Webhook))


def _create_webhook(
    reference: DatasetReference, url: str, types: Iterable[WebhookEventType]
) -> Request[WebhookSecret]:
    arguments = {"dataset": dataset_argument(reference), "url": url, "types": texts(types)}
    return Request(operation("webhook", "create", **arguments), one(WebhookSecret))


def _rotate_webhook_secret(reference: DatasetReference, webhook: WebhookReference) -> Request[WebhookSecret]:
    return Request(operation("webhook", "rotate", **_place(reference, webhook)), one(WebhookSecret))


def _delete_webhook(reference: DatasetReference, webhook: WebhookReference) -> Request[None]:
    return Request(operation("webhook", "delete", **_place(reference, webhook)), nothing)


def _deliveries(
    reference: DatasetReference, webhook: WebhookReference, limit: int | None
) -> Request[list[Delivery]]:
    return Request(operation("webhook", "deliveries", **_place(reference, webhook), limit=limit), many(Delivery))


def _resend_delivery(
    reference: DatasetReference, webhook: WebhookReference, delivery: DeliveryReference
) -> Request[Delivery]:
    delivery_id = str(delivery.id if isinstance(delivery, Delivery) else delivery)
    arguments = {**_place(reference, webhook), "delivery": delivery_id}
    return Request(operation("webhook", "resend", **arguments), one(Delivery))


def _place(reference: DatasetReference, webhook: WebhookReference) -> dict[str, str]:
    """The dataset, and the id of its webhook."""
    if isinstance(webhook, WebhookSecret):
        webhook = webhook.webhook
    webhook_id = str(webhook.id if isinstance(webhook, Webhook) else webhook)
    return {"dataset": dataset_argument(reference), "webhook": webhook_id}
