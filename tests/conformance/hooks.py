"""Hooks that take schemathesis to states that generated values alone do not reach.

The bytes of an upload go to S3, which the document does not describe, and the state of a job is nobody's parameter. So
these hooks upload what a test asked URLs for, wait for what goes on by itself, and give half of the tests with a valid
path the ids of things that exist, in each state in turn; and names that nothing else has, where names are unique.
"""

import atexit
import itertools
import json
import os
import uuid
import zlib
from collections import Counter, defaultdict
from pathlib import Path

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

import method_checks  # noqa: F401  registers its checks
from api import ISSUER, Api
from things import Things

API = Api(os.environ["RESTOW_API"], os.environ["RESTOW_TOKEN"])
THINGS = Things(API)
OWN_TOKEN = API.token_id()

LARGEST_UPLOAD = 64 * 1024

# Number of tests of each operation so far; every second test gets ids of existing resources.
TURNS: defaultdict[str, itertools.count] = defaultdict(itertools.count)

# Responses of each operation by status, and tests of each phase.
ANSWERS: defaultdict[str, Counter] = defaultdict(Counter)
PHASES: Counter = Counter()


@atexit.register
def write_summary():
    Path(os.environ["RESTOW_SUMMARY"]).write_text(json.dumps({"operations": ANSWERS, "phases": PHASES}))


def operation_id(case):
    return case.operation.definition.raw["operationId"]


def is_of_its_operation(case):
    """Whether a test has the method of its operation; some try others."""
    return case.method.upper() == case.operation.method.upper()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Sets ids in valid requests. Invalid ones are kept, and so are the linked ids of scenarios with several steps."""
    if case.meta is None or not is_of_its_operation(case):
        return
    keep_own_token(case)
    if case.meta.phase.name == TestPhase.STATEFUL:
        give_fresh_name(case)
        give_issuer(case)
        give_fresh_key(case)
        made_up = [value for value in case.path_parameters.values() if is_made_up(value)]
        if made_up:
            # A replayed scenario must run identically, so no counter or earlier scenario may influence it.
            THINGS.forget()
            give_path_parameters(case, zlib.crc32(made_up[0].encode()))
        return
    give_fresh_key(case)
    turn = next(TURNS[operation_id(case)])
    if turn % 2 == 0:
        give_fresh_name(case)
        give_issuer(case)
        give_path_parameters(case, turn // 2)


def keep_own_token(case):
    """Another token in the place of the one that the tests send, which a list of tokens contains as well."""
    if operation_id(case) == "revoke_token" and case.path_parameters.get("token_id") == OWN_TOKEN:
        case.path_parameters = THINGS.path_parameters("revoke_token", {"token_id"}, 0)


def is_made_up(value):
    """Whether a value is a UUID, but not of version 7, as the server's ids are."""
    try:
        return uuid.UUID(value).version != 7
    except (AttributeError, ValueError):
        return False


def give_path_parameters(case, choice):
    """Ids of existing resources, a different one for each choice."""
    if case.path_parameters and not case.meta.is_negative_at(ParameterLocation.PATH):
        case.path_parameters = THINGS.path_parameters(operation_id(case), set(case.path_parameters), choice)


def give_fresh_name(case):
    """An unused dataset name, so that a replayed scenario succeeds again."""
    named = isinstance(case.body, dict) and "name" in case.body
    if named and not case.meta.is_negative_at(ParameterLocation.BODY):
        case.body = {**case.body, "name": THINGS.fresh_name()}


def give_issuer(case):
    """The issuer that the server trusts."""
    named = isinstance(case.body, dict) and "issuer" in case.body
    if named and not case.meta.is_negative_at(ParameterLocation.BODY):
        case.body = {**case.body, "issuer": ISSUER}


def give_fresh_key(case):
    """An unused idempotency key, since the server refuses one that was used with another body."""
    given = any(name.lower() == "idempotency-key" for name in case.headers or {})
    if given and not case.meta.is_negative_at(ParameterLocation.HEADER):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())


@schemathesis.hook
def after_call(context, case, response):
    """Performs the steps of a client between two API requests."""
    operation = operation_id(case)
    if not is_of_its_operation(case):
        return
    ANSWERS[operation][response.status_code] += 1
    if case.meta is not None:
        PHASES[case.meta.phase.name.value] += 1
    if operation == "request_presigned_reupload" and response.status_code == 201:
        if case.body["file_size"] <= LARGEST_UPLOAD:
            API.upload(response.json(), b"\n" * int(case.body["file_size"]))
    if operation == "complete_presigned_reupload" and response.status_code == 200:
        API.settled(response.json()["job_id"])

