"""Tokens, sharing, and trust rules."""

from datetime import datetime, timedelta, timezone

import pytest
import restow
from conftest import CSV, ISSUER, eventually

EVERY_SCOPE = {"read", "upload", "commit", "delete", "admin"}


def test_caller_is_that_of_the_token(client: restow.Client, admin: restow.Client) -> None:
    caller = client.caller()
    assert (caller.principal, caller.is_admin, set(caller.scopes)) == ("alice", False, EVERY_SCOPE)
    assert caller.datasets is None
    assert caller.token_id in [token.id for token in client.tokens()]
    assert admin.caller().is_admin


def test_created_token_is_restricted(client: restow.Client, name: str) -> None:
    dataset = client.create_dataset(name)
    hidden = client.create_dataset(f"{name}-hidden")
    created = client.create_token(name, ["read"], datasets=[name], expires_in=3600)
    assert created.secret not in repr(created)

    reader = restow.Client(token=created.secret)
    caller = reader.caller()
    assert (caller.token_id, caller.token_name, caller.scopes) == (created.token.id, name, ("read",))
    assert caller.datasets == (dataset.id,)
    assert caller.expires_at is not None
    assert abs(caller.expires_at - datetime.now(timezone.utc) - timedelta(hours=1)) < timedelta(minutes=5)
    assert reader.datasets() == [dataset]
    with pytest.raises(restow.NotFound):
        reader.dataset(hidden)
    with pytest.raises(restow.Forbidden) as raised:
        reader.push(dataset, CSV, filename="days.csv")
    assert (raised.value.type, raised.value.status) == ("forbidden", 403)
    assert raised.value.errors[0].ctx == {"scopes": ["upload"]}


def test_revoked_token_is_refused(client: restow.Client, name: str) -> None:
    created = client.create_token(name, "read")  # type: ignore[arg-type]
    assert created.token in client.tokens()
    client.revoke_token(created)
    (revoked,) = (token for token in client.tokens() if token.id == created.token.id)
    assert revoked.revoked_at is not None
    # It was never used, so that no server remembers it.
    with pytest.raises(restow.Unauthorized):
        restow.Client(token=created.secret).caller()
    client.revoke_token(str(created.token.id))


def test_tokens_of_others_are_for_administrators(client: restow.Client, admin: restow.Client, name: str) -> None:
    created = admin.create_token(name, ["read"], principal="alice")
    assert created.token.principal == "alice"
    assert restow.Client(token=created.secret).caller().principal == "alice"
    assert created.token.id in [token.id for token in admin.tokens(principal="alice")]
    assert created.token.id not in [token.id for token in admin.tokens()]
    with pytest.raises(restow.Forbidden):
        client.tokens(principal="bob")
    with pytest.raises(restow.NotFound) as raised:
        admin.create_token(name, ["read"], principal=name)
    assert raised.value.errors[0].loc == ("body", "principal")


def test_shared_dataset_is_read_by_others(client: restow.Client, other: restow.Client, name: str) -> None:
    dataset = client.push(name, CSV, filename="days.csv", create=True).dataset
    bob = other.caller().principal
    granted = client.share(dataset, bob, "reader")
    assert (granted.dataset_id, granted.principal, granted.role) == (dataset.id, bob, "reader")
    assert client.grants(dataset) == [granted]
    assert eventually("it is shared", lambda: read(other, dataset)) == CSV
    with pytest.raises(restow.Forbidden) as raised:
        other.push(dataset.id, CSV, filename="days.csv")
    assert raised.value.errors[0].ctx == {"role": "writer"}
    assert client.share(dataset, bob, "writer").role == "writer"
    assert [grant.role for grant in client.grants(dataset)] == ["writer"]

    client.unshare(dataset, bob)
    assert client.grants(dataset) == []
    eventually("it is no longer shared", lambda: read(other, dataset) is None or None)
    with pytest.raises(restow.NotFound):
        client.unshare(dataset, bob)


def read(client: restow.Client, dataset: restow.Dataset) -> bytes | None:
    """The content of a dataset, if the client may read it."""
    try:
        return client.read(dataset.id)
    except restow.NotFound:
        return None


def test_dataset_is_shared_with_known_principals(client: restow.Client, name: str) -> None:
    client.create_dataset(name)
    with pytest.raises(restow.NotFound) as raised:
        client.share(name, name, "reader")
    assert raised.value.errors[0].loc == ("path", "principal")
    with pytest.raises(restow.Forbidden):
        client.share(name, client.caller().principal, "reader")
    with pytest.raises(restow.ValidationError, match="reader"):
        client.share(name, "bob", "admirer")  # type: ignore[arg-type]


def test_trust_rules_are_created_and_deleted(client: restow.Client, name: str) -> None:
    client.create_dataset(name)
    values = {"repository_owner_id": "583231", "workflow": "publish.yml", "branch": "main"}
    rule = client.create_trust_rule(name, "octo/weather", issuer=ISSUER, **values)
    assert (rule.issuer, rule.repository, rule.environment) == (ISSUER, "octo/weather", None)
    assert {value: getattr(rule, value) for value in values} == values
    assert rule.last_used_at is None
    other = client.create_trust_rule(name, "octo/climate", issuer=ISSUER, environment="production")
    assert client.trust_rules(name) == [rule, other]
    client.delete_trust_rule(name, rule)
    client.delete_trust_rule(name, str(other.id))
    assert client.trust_rules(name) == []
    with pytest.raises(restow.NotFound):
        client.delete_trust_rule(name, rule.id)


def test_unknown_issuer_is_refused(client: restow.Client, name: str) -> None:
    client.create_dataset(name)
    with pytest.raises(restow.ValidationError) as raised:
        client.create_trust_rule(name, "octo/weather", branch="main")
    assert raised.value.type == "unknown_issuer"
    assert raised.value.errors[0].ctx == {"issuers": [ISSUER]}
