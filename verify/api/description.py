"""The description of the API (OpenAPI 3.1): from the routes and their models, and what they have in common.

Knows what every route of a kind can end in, which headers it carries and which scope it wants; the examples
are real answers (examples.py). Leaves out how the description is served.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from verify.api.callbacks import WebhookMessage, webhooks
from verify.api.doors import ApiRoute, Scoped
from verify.api.examples import examples
from verify.api.office import TakenIn
from verify.api.plates import Message
from verify.api.problems import Problem
from verify.api.told import error

Part = dict[str, Any]
REF = "#/components/schemas/{model}"

ABOUT = """How plates of the 共产党员示范岗 programme stand, for machines.

Reading needs no key and may be done from any origin. Tools of an office send a token
(`Authorization: Bearer gp_…`), granted by the administrator with scopes and an expiry (`gangpai token add`).

- What tells how a plate or a post stands is never to be kept: `Cache-Control: no-store`. The policy, entries
  of the log and this document carry an `ETag`.
- Lists come in pages: `next` is the cursor of the following one. A page may hold fewer than `limit`.
- Errors are problem details (RFC 9457): `type` leads to a page about the kind, `detail` is English, `zh`
  Chinese.
- `RateLimit` and `RateLimit-Policy` tell the quota of the hour; 429 says in `Retry-After` when to ask again.
- Ids are the numbers printed on plates and papers. Codes are never listed.

公开查询无须令牌；各单位的工具使用令牌。涉及状态的答复一律不得缓存。出错时按 RFC 9457 给出中英文说明。"""

TAGS = (
    ("plates", "标牌 · Plates: how each stands, and what the public says of it"),
    ("posts", "岗位 · Posts that stand"),
    ("board", "公示与满意度 · Branches, notices, satisfaction"),
    ("roll", "名册 · The roll of plates, and the changes of their standing"),
    ("reference", "依据 · The policy, the log, kinds of errors"),
    ("webhooks", "变动通知 · Webhooks: what other programs are told (`gangpai webhook add`)"),
    ("office", "本单位 · For the tools of an office"),
    ("committee", "党委 · For the tools of the committee"),
)

HEADERS: dict[str, Part] = {
    "RateLimit": {
        "description": 'What is left of the quota: "hour";r=3599;t=1 (requests; seconds until all are back)',
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": 'The quota: "hour";q=3600;w=3600 (requests; seconds)',
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "Seconds until it is worth asking again.",
        "schema": {"type": "integer"},
    },
    "ETag": {"description": "Names this version, for `If-None-Match`.", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "What is missing (RFC 6750).", "schema": {"type": "string"}},
    "Location": {"description": "Where the receipt is.", "schema": {"type": "string"}},
}
_CARRIED = ("RateLimit", "RateLimit-Policy")
_ON_STATUS = {"429": ("Retry-After",), "503": ("Retry-After",), "401": ("WWW-Authenticate",)}


def document(api: FastAPI) -> Part:
    """Return the description, made once for each application."""
    if api.openapi_schema is None:
        api.openapi_schema = _made(api.state.routes)
    return api.openapi_schema


def text(api: FastAPI) -> bytes:
    """Return the description as JSON."""
    return json.dumps(document(api), ensure_ascii=False).encode()


def _made(routes: Sequence[ApiRoute]) -> Part:
    made = get_openapi(
        title="gangpai",
        version="1",
        openapi_version="3.1.0",
        summary="Standing of 共产党员示范岗 plaques and badges",
        description=ABOUT,
        routes=routes,
        servers=[{"url": "/api/v1"}],
        tags=[{"name": name, "description": told} for name, told in TAGS],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    for route in routes:
        for method in (route.methods or ()) if route.include_in_schema else ():
            _complete(made["paths"][route.path][method.lower()], route)
    made["webhooks"] = webhooks(REF)
    made["components"] = _components(made)
    return made


def _components(made: Part) -> Part:
    wanted = [(model, "validation") for model in (Problem, Message, TakenIn, WebhookMessage)]
    _, sent = models_json_schema(wanted, ref_template=REF)  # type: ignore[arg-type] # literals, in a list
    schemas = made["components"]["schemas"] | sent["$defs"]
    replaced = {"HTTPValidationError", "ValidationError"}
    return {
        "schemas": {name: each for name, each in sorted(schemas.items()) if name not in replaced},
        "headers": HEADERS,
        "securitySchemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "gp_ and 43 characters",
                "description": "A token of an office's tool. · 各单位工具的令牌。",
            }
        },
    }


def _complete(operation: Part, route: ApiRoute) -> None:
    door, kept = route.door, operation["responses"]
    operation["security"] = []
    common = [429, 503, *([404] if "{" in route.path else [])]
    if isinstance(door, Scoped):
        common += [401, 403]
        operation["security"] = [{"token": [door.scope.value]}]
        operation["description"] = f"{operation['description']}\n\nScope: `{door.scope.value}`"
    own = {status: each for status, each in kept.items() if not _is_fastapis(each)}
    responses = {str(status): error(status) for status in common} | own
    operation["responses"] = {status: responses[status] for status in sorted(responses)}
    for status, response in operation["responses"].items():
        response["headers"] = _headers(status, operation["responses"]) | response.get("headers", {})
    _exemplify(operation)


def _is_fastapis(response: Part) -> bool:
    return "HTTPValidationError" in json.dumps(response)


def _headers(status: str, responses: Mapping[str, Part]) -> Part:
    tagged = status in {"200", "304"} and "304" in responses
    names = (*_CARRIED, *_ON_STATUS.get(status, ()), *(("ETag",) if tagged else ()))
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _exemplify(operation: Part) -> None:
    kept = examples().get(operation["operationId"], {})
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in kept.get("parameters", {}):
            parameter["example"] = kept["parameters"][parameter["name"]]
    if "body" in kept:
        operation["requestBody"]["content"]["application/json"]["example"] = kept["body"]
    for status, answers in kept.get("answers", {}).items():
        for media_type, answer in answers.items():
            operation["responses"][status]["content"][media_type]["example"] = answer


def groups(api: FastAPI) -> list[tuple[str, list[Part]]]:
    """Return the operations as a page lists them: by tag, each with its method and path."""
    found: defaultdict[str, list[Part]] = defaultdict(list)
    for operation in _operations(document(api)):
        found[operation["tags"][0]].append(operation)
    return [(told, found[name]) for name, told in TAGS]


def _operations(made: Part) -> Iterator[Part]:
    for path, item in made["paths"].items():
        for method, operation in item.items():
            yield {"parameters": [], **operation, "method": method.upper(), "path": path}
