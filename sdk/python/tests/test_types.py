"""The types of the package, compared with the API's document."""

import inspect
import json
from dataclasses import fields
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
import restow
from conftest import REPOSITORY
from restow._decode import decode

SCHEMAS: dict[str, Any] = json.loads((REPOSITORY / "openapi.json").read_text())["components"]["schemas"]
SAME_NAME = (
    restow.Caller,
    restow.Change,
    restow.Column,
    restow.CreatedToken,
    restow.Dataset,
    restow.Delivery,
    restow.Difference,
    restow.DistinctCount,
    restow.Event,
    restow.EventActor,
    restow.Finding,
    restow.Grant,
    restow.Histogram,
    restow.Job,
    restow.JobError,
    restow.JobProgress,
    restow.Policy,
    restow.Preview,
    restow.ReadOptions,
    restow.SchemaDiff,
    restow.Token,
    restow.TopValue,
    restow.TrustRule,
    restow.Version,
    restow.Webhook,
    restow.WebhookSecret,
)


def literals(hint: Any) -> set[str]:
    """The texts that a type admits, also if it admits None too."""
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    return {text for argument in get_args(hint) for text in literals(argument)}


@pytest.mark.parametrize(
    ("kind", "schema"), [*((kind, kind.__name__) for kind in SAME_NAME), (restow.ErrorDetail, "ValidationError")]
)
def test_members_are_those_of_the_document(kind: type[Any], schema: str) -> None:
    members = {field.name.removesuffix("_") for field in fields(kind)}
    assert members == set(SCHEMAS[schema]["properties"])


@pytest.mark.parametrize("kind", SAME_NAME)
def test_optional_members_may_be_none(kind: type[Any]) -> None:
    schema = SCHEMAS[kind.__name__]
    hints = get_type_hints(kind)
    for field in fields(kind):
        name = field.name.removesuffix("_")
        property_ = schema["properties"][name]
        is_collection = property_.get("type") in ("array", "object") or hints[field.name] is Any
        if (name not in schema.get("required", []) or property_.get("nullable")) and not is_collection:
            assert NoneType in get_args(hints[field.name]), f"{kind.__name__}.{name}"


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (restow.Acceptance, "Acceptance"),
        (restow.ChangeKind, "ChangeKind"),
        (restow.ColumnType, "ColumnType"),
        (restow.DeliveryStatus, "DeliveryStatus"),
        (restow.EventOutcome, "EventOutcome"),
        (restow.JobStatus, "JobStatus"),
        (restow.PolicyAction, "PolicyAction"),
        (restow.Role, "Role"),
        (restow.Scope, "Scope"),
        (restow.WebhookEventType, "WebhookEventType"),
        (get_type_hints(restow.Finding)["severity"], "Severity"),
        (get_type_hints(restow.JobProgress)["phase"], "JobPhase"),
        (get_type_hints(restow.ReadOptions)["compression"], "Compression"),
        (get_type_hints(restow.ReadOptions)["format"], "Format"),
        (get_type_hints(restow.SchemaDiff)["verdict"], "Verdict"),
    ],
)
def test_texts_are_those_of_the_document(hint: Any, schema: str) -> None:
    document = SCHEMAS[schema]
    alternatives = document.get("oneOf") or document.get("anyOf") or [document]
    assert literals(hint) == {text for alternative in alternatives for text in alternative["enum"]}


def test_defaults_are_those_of_the_document() -> None:
    lifetime = inspect.signature(restow.Client.create_token).parameters["expires_in"].default
    assert lifetime == SCHEMAS["CreateTokenRequest"]["properties"]["expires_in"]["default"]


@pytest.mark.parametrize("kind", SAME_NAME)
def test_examples_of_the_document_are_decoded(kind: type[Any]) -> None:
    decoded = decode(kind, SCHEMAS[kind.__name__]["example"])
    hints = get_type_hints(kind)
    for field in fields(kind):
        value = getattr(decoded, field.name)
        if value is None:
            assert NoneType in get_args(hints[field.name]) or hints[field.name] is Any
        assert not isinstance(value, list), f"{kind.__name__}.{field.name} can be changed"


def test_texts_of_a_newer_server_are_kept() -> None:
    newer = {"type": "volcano.erupted", "outcome": "postponed", "magma": "lots"}
    event: Any = decode(restow.Event, {**SCHEMAS["Event"]["example"], **newer})
    assert (event.type, event.outcome) == ("volcano.erupted", "postponed")
    token: Any = decode(restow.Token, {**SCHEMAS["Token"]["example"], "scopes": ["read", "erupt"]})
    assert token.scopes == ("read", "erupt")


@pytest.mark.parametrize("kind", [restow.CreatedToken, restow.WebhookSecret])
def test_secrets_are_not_shown(kind: type[Any]) -> None:
    example = SCHEMAS[kind.__name__]["example"]
    decoded = decode(kind, example)
    assert decoded.secret == example["secret"]
    assert example["secret"] not in f"{decoded!r} {decoded} {[decoded]}"
