"""What the paths of a back end mean, and how the fields of a request are read."""

import re

from .database import Database, Refusal


def text(fields: dict, name: str, pattern: str, required: bool = True) -> str | None:
    """A field that is a text of that shape; white space around it does not count."""
    value = fields.get(name)
    if value is None and not required:
        return None
    if not isinstance(value, str) or not re.fullmatch(pattern, value.strip(), re.DOTALL):
        raise Refusal(422, "field_invalid", field=name)
    return value.strip()


def whole(value, name: str, lowest: int = 0, highest: int = 10**15 - 1) -> int:
    """A whole number, written as a number or in digits."""
    if isinstance(value, str) and value.isdecimal() or isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
        raise Refusal(422, "field_invalid", field=name)
    return value


class Routes:
    """Two tables by method and pattern of the path; a back end inherits this and fills them.

    A route of `reads` takes the match, the body and the query, and answers status and response. It keeps no key: it changes
    nothing, or may be repeated without care. A route of `changes` takes the match and the body and answers the change that
    `Database.once` runs under the request's key. A route that finds a field wrong raises a `Refusal`.
    """

    name = "back end"
    parse_float = float
    """What a number with a point becomes."""

    def __init__(self, store: Database):
        self.store = store
        self.reads = {
            ("GET", r"/healthz"): lambda m, b, q: (200, {"status": "ok", "today": store.today.isoformat()}),
            ("GET", r"/requests/([^/]+)"): lambda m, b, q: (200, store.request(m[1])),
        }
        self.changes = {}

    def answer(self, method: str, path: str, query: dict, raw: bytes, body: dict, headers) -> tuple[int, dict, bool]:
        """Status, response, and whether it is a stored one."""
        if found := match(self.reads, method, path):
            route, groups = found
            return *route(groups, body, query), False
        if found := match(self.changes, method, path):
            route, groups = found
            change = route(groups, body)
            key = headers.get("Idempotency-Key", "").strip()
            if not 1 <= len(key) <= 200:
                raise Refusal(400, "idempotency_key_required")
            return self.store.once(key, method, path, raw, change)
        raise Refusal(404, "not_found")


def match(routes: dict, method: str, path: str):
    """The route of a path with what its pattern found, or nothing."""
    for (wanted, pattern), route in routes.items():
        if wanted == method and (found := re.fullmatch(pattern, path)):
            return route, found
    return None
