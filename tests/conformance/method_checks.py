"""Checks of HTTP methods that are not in the document, which schemathesis does not cover."""

import requests
import schemathesis


def allowed(case):
    """Methods of a path: those of the document, HEAD where there is GET, and OPTIONS."""
    item = case.operation.schema.raw_schema["paths"][case.operation.path]
    methods = {name.upper() for name in item if name in ("get", "put", "post", "delete", "patch")}
    return methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())


def assert_allow(response, case):
    values = response.headers.get("allow", [])
    assert len(values) == 1, f"there are {len(values)} Allow headers: {values}"
    told = {name.strip() for name in values[0].split(",")}
    assert told == allowed(case), f"Allow is {sorted(told)}, not {sorted(allowed(case))}"


@schemathesis.check
def method_not_allowed_conformance(ctx, response, case):
    """A 405 has one correct `Allow` header and the error body of the API."""
    if response.status_code == 405:
        assert_allow(response, case)
        faults = response.json().get("detail", [])
        types = [fault["type"] for fault in faults]
        assert types == ["method_not_allowed"], f"405 has the body {response.text}"


@schemathesis.check
def options_conformance(ctx, response, case):
    """OPTIONS succeeds on every path, with or without a token, as browsers require."""
    if response.request.method == "OPTIONS" and response.status_code != 404:
        assert response.status_code in (200, 204), f"OPTIONS is answered with {response.status_code}"
        assert_allow(response, case)


@schemathesis.check
def head_conformance(ctx, response, case):
    """Where GET succeeds, so does HEAD, without a body."""
    request = response.request
    if request.method == "GET" and response.status_code == 200:
        head = requests.head(request.url, headers=request.headers, timeout=30)
        assert head.status_code == 200, f"HEAD is answered with {head.status_code} where GET is 200"
        assert not head.content, f"HEAD has the body {head.text}"
        types = (head.headers.get("content-type"), response.headers["content-type"][0])
        assert types[0] == types[1], f"HEAD and GET have the types {types}"
