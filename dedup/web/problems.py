"""Errors as problem details (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from starlette.responses import Response

from dedup.errors import DedupError, DuplicateIdError, IndexStoreError, InputError


class Problem(Exception):  # noqa: N818 - named as RFC 9457 names it
    """An error that is returned to the caller instead of an answer."""

    def __init__(self, status: int, detail: str, *, retry_after: int | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.retry_after = retry_after
        self.more = {key: value for key, value in more.items() if value is not None}

    def record(self) -> dict[str, Any]:
        """Return the problem as plain values."""
        title = HTTPStatus(self.status).phrase
        known = {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail}
        return known | self.more

    def response(self) -> Response:
        """Return the problem as a response."""
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return Response(
            msgspec.json.encode(self.record()), self.status, headers, media_type="application/problem+json"
        )


def problem_of(error: DedupError) -> Problem:
    """Convert an error of the library to a problem for the caller."""
    if isinstance(error, DuplicateIdError):
        return Problem(409, str(error))
    if isinstance(error, InputError):
        return Problem(422, error.reason, line=error.line)
    if isinstance(error, IndexStoreError):
        return Problem(503, str(error), retry_after=5)
    return Problem(422, str(error))
