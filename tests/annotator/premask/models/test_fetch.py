"""Fetching from a server on this machine: whole, resumed, broken off, wrong, too long, redirected, not there."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from annotator.domain.errors import AnnotatorError, BadFileError, ConflictError, EnvironmentFault, RefusedError
from annotator.premask.models.catalogue import PublicModel, catalogue, embedded_model, public_model, read_catalogue
from annotator.premask.models.description import FileKind
from annotator.premask.models.fetch import fetch, listed_as

CONTENT = np.random.default_rng(5).bytes(3_000_000)


@dataclass(slots=True)
class Upstream:
    """A server and what it was asked; the path chooses how it behaves."""

    address: str
    asked: list[tuple[str, str]] = field(default_factory=list)

    def model(self, path: str, content: bytes = CONTENT, size: int | None = len(CONTENT)) -> PublicModel:
        right = hashlib.sha256(content).hexdigest()
        kind = FileKind.LOCAL_FEATURES
        return PublicModel("m", "m.onnx", kind, self.address + path, "sha256", right, size, "MIT", "a model")


class Handler(BaseHTTPRequestHandler):
    """`/whole` obeys Range, `/ignores` does not, `/breaks` stops in the middle."""

    upstream: Upstream

    def do_GET(self) -> None:
        begin = self.headers.get("Range", "")
        self.upstream.asked.append((self.path, begin))
        at = int(begin[6:-1]) if begin else 0
        if self.path == "/missing":
            self.send_error(404)
        elif self.path.startswith("/to/"):
            self.answer(302, b"", Location=self.path[4:])
        elif self.path == "/breaks":
            self.answer(206 if at else 200, CONTENT[at:], stop=1_000_000, **self.range(at))
        elif self.path == "/no-more" and at:
            self.send_error(416)
        elif self.path == "/other-part" and at:
            self.answer(206, CONTENT, **{"Content-Range": f"bytes 0-{len(CONTENT) - 1}/{len(CONTENT)}"})
        elif self.path == "/no-length":
            self.answer(200, CONTENT, length=False)
        elif self.path == "/endless":
            self.answer(200, CONTENT * 2, length=False)
        elif self.path == "/whole" and at:
            self.answer(206, CONTENT[at:], **self.range(at))
        else:
            self.answer(200, CONTENT)

    def range(self, at: int) -> dict[str, str]:
        return {"Content-Range": f"bytes {at}-{len(CONTENT) - 1}/{len(CONTENT)}"} if at else {}

    def answer(self, code: int, body: bytes, stop: int | None = None, length: bool = True, **headers: str) -> None:
        self.send_response(code)
        if length:
            self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body[:stop])
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    found = Upstream("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"upstream": found}))
    server.daemon_threads = False
    found.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def nothing(_done: int, _total: int | None) -> None:
    """No progress is shown."""


def test_a_file_is_fetched_whole_and_progress_is_told(upstream: Upstream, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    path = fetch(upstream.model("/whole"), tmp_path / "new" / "folder", lambda *one: told.append(one))
    assert path == tmp_path / "new" / "folder" / "m.onnx"
    assert path.read_bytes() == CONTENT
    assert [one.name for one in path.parent.iterdir()] == ["m.onnx"]
    assert told[0] == (0, len(CONTENT))
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_file_that_is_there_is_not_asked_for(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(CONTENT)
    fetch(upstream.model("/whole"), tmp_path, nothing)
    assert upstream.asked == []


def test_another_file_of_the_name_is_left_alone(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"mine")
    with pytest.raises(RefusedError, match="another file"):
        fetch(upstream.model("/whole"), tmp_path, nothing)
    assert (tmp_path / "m.onnx").read_bytes() == b"mine"
    assert upstream.asked == []


def test_a_broken_connection_keeps_what_came_and_the_next_time_goes_on(upstream: Upstream, tmp_path: Path) -> None:
    model = upstream.model("/breaks")
    for times in (1, 2):
        with pytest.raises(EnvironmentFault, match=r"the connection broke after .* goes on from there"):
            fetch(model, tmp_path, nothing)
        assert (tmp_path / "m.onnx.part").read_bytes() == CONTENT[: times * 1_000_000]
        assert not (tmp_path / "m.onnx").exists()
    assert fetch(model, tmp_path, nothing).read_bytes() == CONTENT
    assert [begin for _, begin in upstream.asked] == ["", "bytes=1000000-", "bytes=2000000-"]
    assert [one.name for one in tmp_path.iterdir()] == ["m.onnx"]


def test_two_programs_do_not_fetch_one_file_into_each_other(upstream: Upstream, tmp_path: Path) -> None:
    """The other one asks while this one is in the middle of it."""
    model, refused = upstream.model("/whole"), []

    def meanwhile(done: int, _total: int | None) -> None:
        if 0 < done < len(CONTENT):
            with pytest.raises(ConflictError, match=r"m\.onnx\.part: another program is changing it; try again"):
                fetch(model, tmp_path, nothing)
            refused.append(done)

    assert fetch(model, tmp_path, meanwhile).read_bytes() == CONTENT
    assert refused
    assert [one.name for one in tmp_path.iterdir()] == ["m.onnx"]


def test_a_server_that_ignores_the_range_starts_over(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "m.onnx.part").write_bytes(CONTENT[:1234])
    assert fetch(upstream.model("/ignores"), tmp_path, nothing).read_bytes() == CONTENT
    assert upstream.asked == [("/ignores", "bytes=1234-")]


def test_a_server_that_cannot_go_on_is_asked_for_the_whole(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "m.onnx.part").write_bytes(CONTENT[:1234])
    assert fetch(upstream.model("/no-more"), tmp_path, nothing).read_bytes() == CONTENT
    assert upstream.asked == [("/no-more", "bytes=1234-"), ("/no-more", "")]


def test_another_part_than_was_asked_for_is_not_joined(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "m.onnx.part").write_bytes(CONTENT[:1234])
    with pytest.raises(EnvironmentFault, match="another part"):
        fetch(upstream.model("/other-part"), tmp_path, nothing)
    assert list(tmp_path.iterdir()) == []


def test_a_partial_file_that_is_complete_needs_no_server(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "m.onnx.part").write_bytes(CONTENT)
    assert fetch(upstream.model("/whole"), tmp_path, nothing).read_bytes() == CONTENT
    assert upstream.asked == []


def test_a_partial_file_longer_than_the_file_is_thrown_away(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "m.onnx.part").write_bytes(CONTENT + b"more")
    assert fetch(upstream.model("/whole"), tmp_path, nothing).read_bytes() == CONTENT


@pytest.mark.parametrize("begun", [b"", b"something else"])
def test_a_wrong_checksum_leaves_nothing(upstream: Upstream, tmp_path: Path, begun: bytes) -> None:
    if begun:
        (tmp_path / "m.onnx.part").write_bytes(begun)
    model = upstream.model("/whole") if begun else upstream.model("/whole", b"x" * len(CONTENT))
    with pytest.raises(BadFileError, match="another checksum"):
        fetch(model, tmp_path, nothing)
    assert list(tmp_path.iterdir()) == []


def test_sha1_as_pinned_upstream_is_believed(upstream: Upstream, tmp_path: Path) -> None:
    right = hashlib.sha1(CONTENT, usedforsecurity=False).hexdigest()
    model = replace(upstream.model("/whole"), algorithm="sha1", checksum=right)
    assert fetch(model, tmp_path, nothing).read_bytes() == CONTENT


def test_a_file_without_a_length_is_fetched(upstream: Upstream, tmp_path: Path) -> None:
    assert fetch(upstream.model("/no-length", size=None), tmp_path, nothing).read_bytes() == CONTENT


@pytest.mark.parametrize("path", ["/whole", "/endless"])
def test_more_bytes_than_pinned_are_not_kept(upstream: Upstream, tmp_path: Path, path: str) -> None:
    with pytest.raises(BadFileError, match="bytes"):
        fetch(upstream.model(path, size=2_000_000), tmp_path, nothing)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_told(upstream: Upstream, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"/missing: the server answers 404 Not Found; connect"):
        fetch(upstream.model("/missing"), tmp_path, nothing)
    assert list(tmp_path.iterdir()) == []


def test_without_a_network_one_sentence_says_what_to_do(upstream: Upstream, tmp_path: Path) -> None:
    model = upstream.model("/whole")
    closed = replace(model, address="http://127.0.0.1:9/m.onnx")
    with pytest.raises(EnvironmentFault, match=r"cannot be reached .* or get the file in another way"):
        fetch(closed, tmp_path / "new", nothing)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "address",
    ["http://example.org/m", "ftp://127.0.0.1/m", "file:///etc/passwd", "data:,x", "https://", "http://[", ""],
)
def test_addresses_that_are_not_encrypted_are_not_asked(tmp_path: Path, upstream: Upstream, address: str) -> None:
    with pytest.raises(RefusedError):
        fetch(replace(upstream.model(""), address=address), tmp_path, nothing)
    assert list(tmp_path.iterdir()) == []


def test_a_redirect_on_this_machine_is_followed(upstream: Upstream, tmp_path: Path) -> None:
    assert fetch(upstream.model("/to//whole"), tmp_path, nothing).read_bytes() == CONTENT


@pytest.mark.parametrize("to", ["http://example.org/m", "file:///etc/passwd", "ftp://127.0.0.1/m"])
def test_a_redirect_to_where_it_is_not_safe_is_not_followed(upstream: Upstream, tmp_path: Path, to: str) -> None:
    with pytest.raises((RefusedError, EnvironmentFault)):
        fetch(upstream.model(f"/to/{to}"), tmp_path, nothing)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFault, match="cannot be written"):
        fetch(upstream.model("/whole"), tmp_path / "file", nothing)


def test_the_installed_list_is_whole() -> None:
    listed = catalogue()
    assert {one.name for one in listed} >= {"aliked-n16rot", "aliked-lightglue"}
    assert len({one.name for one in listed}) == len({one.file for one in listed}) == len(listed)
    assert all(one.address.startswith("https://") for one in listed)
    pinned = {one.name: (one.algorithm, one.checksum) for one in listed}
    assert pinned["aliked-n16rot"] == ("sha1", "41faa7bf5d7eb68a2851471ba03aa20c9db30e4c")
    assert pinned["aliked-lightglue"] == ("sha1", "02723aa521990e57fe33d90b67977590c460e351")


def test_a_name_that_is_not_listed_is_told() -> None:
    with pytest.raises(AnnotatorError, match="no public model 'x'; there are aliked"):
        public_model("x", catalogue())


def test_a_file_is_known_by_its_checksum(tmp_path: Path, upstream: Upstream) -> None:
    path = tmp_path / "renamed.bin"
    path.write_bytes(CONTENT)
    model = upstream.model("/whole")
    assert listed_as(path, (*catalogue(), model)) == model
    assert listed_as(path, catalogue()) is None


def test_the_embedded_model_is_where_the_program_is_installed() -> None:
    found = embedded_model()
    assert found is None or found.name == "features.onnx"


GOOD = """
[[model]]
name = "a"
file = "a.onnx"
kind = "local features"
address = "https://example.org/a.onnx"
sha1 = "{}"
licence = "MIT"
about = "a model"
""".format("0" * 40)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"a.onnx"', '"../a.onnx"'), ('"a"\n', '"A b"\n'), ('"local features"', '"magic"'), ("0" * 40, "0" * 39),
        ('licence = "MIT"', ""), ('licence = "MIT"', "licence = 3"), ("sha1", "md5"), ("about", "size = -1\nabout"),
        ("[[model]]", "[model]"), ("[[model]]", "[[model"), ('file = "a.onnx"', 'file = ".a"'),
    ],
)  # fmt: skip
def test_a_damaged_list_is_refused(old: str, new: str) -> None:
    assert read_catalogue(Path("models.toml"), GOOD)[0].name == "a"
    with pytest.raises(BadFileError, match="it is no list of models"):
        read_catalogue(Path("models.toml"), GOOD.replace(old, new))
