"""A Hub on this machine: takes pushes, and remembers what it was asked and what it was given."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class LoopbackHub(ThreadingHTTPServer):
    """Answers on 127.0.0.1.

    Attributes:
        asked: method and path of each request.
        files: what was committed, by path in the repository.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []
        self.files: dict[str, bytes] = {}

    @property
    def endpoint(self) -> str:
        """As HF_ENDPOINT has it."""
        return f"http://127.0.0.1:{self.server_port}"

    def reply(self, method: str, path: str, body: bytes) -> Any:
        """The JSON that the Hub answers with."""
        path = path.partition("?")[0]
        self.asked.append((method, path))
        if path == "/api/whoami-v2":
            return {"name": "me", "type": "user"}
        if path == "/api/repos/create":
            return {"url": f"{self.endpoint}/me/{json.loads(body)['name']}"}
        if "/preupload/" in path:
            files = json.loads(body)["files"]
            return {"files": [{"path": f["path"], "uploadMode": "regular", "shouldIgnore": False} for f in files]}
        if "/commit/" in path:
            self._commit(body)
            return {"success": True, "commitOid": COMMIT, "commitUrl": f"{self.endpoint}/me/model/commit/{COMMIT}"}
        return {}

    def _commit(self, body: bytes) -> None:
        for line in body.decode().splitlines():
            entry = json.loads(line)
            if entry["key"] == "file":
                self.files[entry["value"]["path"]] = base64.b64decode(entry["value"]["content"])


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the Hub."""

    server: LoopbackHub

    def answer(self) -> None:
        """Read the request and send the reply."""
        reply = json.dumps(self.server.reply(self.command, self.path, self._body())).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(reply)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply)

    do_GET = do_POST = do_HEAD = do_DELETE = answer  # noqa: N815 - the names that http.server asks for

    def _body(self) -> bytes:
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def serving() -> Iterator[LoopbackHub]:
    """A Hub that answers within."""
    hub = LoopbackHub()
    Thread(target=hub.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        hub.shutdown()
        hub.server_close()
