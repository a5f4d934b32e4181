"""Who may ask: tokens, hosts, origins, and the headers of every answer."""

from __future__ import annotations

from typing import Any

import pytest
from newsroom import PAGES, PIER

from dedup.errors import SettingsError
from dedup.web.guard import POLICY
from dedup.web.options import check_exposure

TOKEN = "f3a1" * 8
CHECK = {"text": PIER[0]}
DECIDE = {"kind": "chase", "a": "cd-pier", "b": "hp-pier"}


@pytest.fixture
def locked(open_desk: Any, options: Any) -> Any:
    return open_desk(options, token=TOKEN)


@pytest.mark.parametrize(
    ("host", "token", "tls", "proxy", "fine"),
    [
        ("127.0.0.1", None, False, False, True),
        ("::1", None, False, False, True),
        ("0.0.0.0", None, True, False, False),
        ("0.0.0.0", TOKEN, False, False, False),
        ("10.1.2.3", "short", True, False, False),
        ("10.1.2.3", TOKEN, True, False, True),
        ("desk.example", TOKEN, False, True, True),
    ],
)
def test_an_address_that_others_reach_needs_a_token_and_tls(
    host: str, token: str | None, tls: bool, proxy: bool, fine: bool
) -> None:
    if fine:
        check_exposure(host, token, tls=tls, behind_proxy=proxy)
    else:
        with pytest.raises(SettingsError):
            check_exposure(host, token, tls=tls, behind_proxy=proxy)


def test_without_the_token_nothing_is_told(locked: Any) -> None:
    for path in (*PAGES, "/api/articles", "/metrics", "/api/openapi.json"):
        assert locked.get(path).status_code == 401, path
    assert locked.post("/api/check", json=CHECK).status_code == 401
    assert locked.post("/api/check", json=CHECK, headers={"authorization": "Bearer no"}).status_code == 401
    assert locked.get("/", headers={"accept": "text/html"}).headers.get("location") == "/login"
    allowed = {"authorization": f"Bearer {TOKEN}"}
    assert locked.post("/api/check", json=CHECK, headers=allowed).status_code == 200
    assert locked.get("/healthz").status_code in (200, 503)


def test_a_browser_brings_the_token_once(locked: Any) -> None:
    assert locked.post("/login", data={"token": "wrong"}).status_code == 401
    entered = locked.post("/login", data={"token": TOKEN})
    assert entered.status_code == 303
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert TOKEN not in cookie
    assert locked.get("/").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "http://testserver", "x-csrf": "wrong"},
        {"origin": "http://testserver"},
    ],
)
def test_a_page_elsewhere_changes_nothing(reader: Any, headers: dict[str, str]) -> None:
    assert reader.post("/api/decisions", json=DECIDE, headers=headers).status_code == 403
    assert (
        reader.put("/api/articles/x", json={"source": "a", "text": "b"}, headers=headers).status_code == 403
    )
    assert reader.get("/api/decisions").json()["total"] == 0


def test_a_form_of_a_page_elsewhere_is_refused_for_its_type(reader: Any) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        sent = reader.post("/api/decisions", content=b"{}", headers={"content-type": kind})
        assert sent.status_code == 415


def test_the_desks_own_page_may_decide(desk: Any) -> None:
    page = desk.get("/").text
    csrf = page.partition('name="csrf" content="')[2].partition('"')[0]
    headers = {"origin": "http://testserver", "x-csrf": csrf, "sec-fetch-site": "same-origin"}
    assert desk.post("/api/decisions", json=DECIDE, headers=headers).status_code == 201


def test_a_strange_host_is_refused(reader: Any) -> None:
    for host in ("evil.example", "evil.example:8321", "[", "", "127.0.0.1.evil.example"):
        assert reader.get("/", headers={"host": host}).status_code == 421
    assert reader.get("/", headers={"host": "localhost:8321"}).status_code == 200


def test_an_allowed_origin_may_ask_with_the_token(open_desk: Any, options: Any) -> None:
    desk = open_desk(options, token=TOKEN, origins=("https://cms.example",))
    headers = {"origin": "https://cms.example", "authorization": f"Bearer {TOKEN}"}
    said = desk.post("/api/check", json=CHECK, headers=headers)
    assert said.status_code == 200
    assert said.headers["access-control-allow-origin"] == "https://cms.example"
    asked = desk.options("/api/check", headers={"origin": "https://cms.example", **headers})
    assert asked.status_code == 204
    other = desk.post("/api/check", json=CHECK, headers={**headers, "origin": "https://evil.example"})
    assert other.status_code == 403
    assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize("path", [*PAGES, "/static/desk.js", "/api/openapi.json", "/nowhere"])
def test_every_answer_carries_the_policy(reader: Any, path: str) -> None:
    answer = reader.get(path)
    assert answer.headers["content-security-policy"] == POLICY
    assert "unsafe-inline" not in POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    if path in PAGES:
        assert " style=" not in answer.text
        assert not any(f" on{name}=" in answer.text for name in ("click", "load", "error", "change"))


@pytest.mark.parametrize(
    "path",
    [
        "/static/../desk.py",
        "/static/%2e%2e/desk.py",
        "/static/..%2fdesk.py",
        "/static/words.toml",
        "/static/page.html.jinja",
        "/static/desk.js%00",
        "/static//etc/passwd",
        "/article/../../etc/passwd",
        "/article/%2fetc%2fpasswd",
        "/check/%00",
    ],
)
def test_tricks_with_paths_find_nothing(reader: Any, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code in (404, 303), path
    assert "root:" not in answer.text
    assert '"""' not in answer.text


def test_redirects_stay_at_the_desk(reader: Any) -> None:
    sent = reader.post("/check", data={"text": "https://evil.example/"})
    assert sent.status_code == 404
    assert "location" not in sent.headers
    for path in ("/rules", "//evil.example/%2e%2e", "/story/..//evil.example"):
        location = reader.get(path).headers.get("location", "/")
        assert location.startswith("/")
        assert not location.startswith("//")


def test_forwarded_names_are_believed_of_the_proxy_alone(open_desk: Any, options: Any) -> None:
    headers = {"x-user": "Jane Roe"}
    believed = open_desk(options, proxies=("testclient",), user_header="x-user")
    said = believed.post("/api/decisions", json=DECIDE | {"by": "somebody"}, headers=headers).json()
    assert said["items"][0]["by"] == "Jane Roe"
    other = open_desk(options, proxies=("10.0.0.1",), user_header="x-user")
    said = other.post("/api/decisions", json=DECIDE | {"by": "somebody"}, headers=headers).json()
    assert said["items"][0]["by"] == "somebody"
