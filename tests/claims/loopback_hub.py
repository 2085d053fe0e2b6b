"""A Hub on this machine that has one data set, under every name: for what only happens online."""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import threading
from typing import Any

import pyarrow as pa
from pyarrow import parquet

COMMIT = "1" * 40
CARD = b"""---
configs:
- config_name: mrpc
  data_files:
  - split: train
    path: mrpc/train-*
---
"""


def _rows() -> bytes:
    rows = {"sentence1": ["She won."], "sentence2": ["She lost."], "label": [0], "idx": [0]}
    written = io.BytesIO()
    parquet.write_table(pa.table(rows), written)
    return written.getvalue()


FILES = {"README.md": CARD, "mrpc/train-00000-of-00001.parquet": _rows()}


class LoopbackHub:
    """`with LoopbackHub() as hub:` serves at `hub.address`, which is for HF_ENDPOINT."""

    def __init__(self) -> None:
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> LoopbackHub:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Answers(http.server.BaseHTTPRequestHandler):
    """What huggingface_hub and datasets ask on the way to the rows: files, a description, lists of folders."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, with_body: bool) -> None:
        content = self._content(self.path.partition("?")[0])
        self.send_response(404 if content is None else 200)
        content = content or b""
        for name, value in {
            "Content-Length": str(len(content)),
            "X-Repo-Commit": COMMIT,
            "ETag": f'"{hashlib.sha256(content).hexdigest()}"',
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(content)

    def _content(self, path: str) -> bytes | None:
        if "/resolve/" in path:
            return FILES.get(path.partition("/resolve/")[2].partition("/")[2])
        if not path.startswith("/api/datasets/"):
            return None
        if "/tree/" in path:
            return json.dumps(_listed(path.partition("/tree/")[2].partition("/")[2])).encode()
        return json.dumps({"id": "nyu-mll/glue", "sha": COMMIT, "siblings": [{"rfilename": f} for f in FILES]}).encode()


def _listed(folder: str) -> list[dict[str, Any]]:
    files = [
        {"type": "file", "path": path, "size": len(content), "oid": "2" * 40}
        for path, content in FILES.items()
        if path.rpartition("/")[0] == folder
    ]
    return files if folder else [*files, {"type": "directory", "path": "mrpc", "size": 0, "oid": "3" * 40}]
