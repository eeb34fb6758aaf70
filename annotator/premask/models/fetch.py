"""Fetching a public model file: resumable, bounded, and believed only when its checksum is the pinned one."""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from annotator import __version__
from annotator.domain.errors import BadFileError, EnvironmentFault, RefusedError
from annotator.premask.models.catalogue import PublicModel
from annotator.premask.models.files import BLOCK, LARGEST, checksum
from annotator.processes.alone import alone

Advance = Callable[[int, int | None], None]
"""Told of the bytes that are there and how many there will be, None where nobody knows."""

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
"""Hosts that may be asked without encryption, for they are this machine."""

PATIENCE = 30.0
"""Seconds without a byte after which a connection counts as broken."""

PARTIAL = ".part"

OFFLINE = "connect to the network, or get the file in another way and name it to 'annotator models add'"


def fetch(model: PublicModel, folder: Path, advance: Advance) -> Path:
    """The file of a public model in `folder`, fetched where it is not there; what came before a break is gone on from.

    Raises EnvironmentFault where upstream cannot be reached, breaks off or has no such file, or where nothing can be
    written; BadFileError where something else came than was pinned, which is removed; RefusedError where another file
    of this name is in the folder, or an address is not encrypted; ConflictError while another program fetches it there.
    """
    target = folder / model.file
    if target.exists():
        if target.is_file() and _sum(target, model.algorithm) == model.checksum:
            return target
        raise RefusedError(f"{target} is there already and is another file; name another folder with --to.")
    partial = folder / (model.file + PARTIAL)
    try:
        _fill(model, partial, advance)
        if _sum(partial, model.algorithm) != model.checksum:
            found = _sum(partial, model.algorithm)
            partial.unlink()
            problem = f"what came has another checksum ({model.algorithm} {found[:12]}…, not {model.checksum[:12]}…)"
            raise BadFileError(model.address, problem, "try again later; it was removed")
        partial.replace(target)
    except OSError as error:
        raise EnvironmentFault(f"{target}: cannot be written ({error.strerror or error}).") from error
    return target


def listed_as(path: Path, among: tuple[PublicModel, ...]) -> PublicModel | None:
    """The public model that a file is, told by its checksum; raises BadFileError for what is no readable file."""
    checksum(path)
    sums = {algorithm: _sum(path, algorithm) for algorithm in {one.algorithm for one in among}}
    return next((one for one in among if sums[one.algorithm] == one.checksum), None)


def _fill(model: PublicModel, partial: Path, advance: Advance) -> None:
    """Bring the partial file to its full length; it stays for the next time where the connection breaks."""
    begun = partial.stat().st_size if partial.is_file() else 0
    if begun and begun == model.size:
        return
    most = model.size or LARGEST
    with _answer(model, begun if begun < most else 0) as answer:
        goes_on = answer.status == http.client.PARTIAL_CONTENT and _begins_at(answer, begun)
        if answer.status == http.client.PARTIAL_CONTENT and not goes_on:
            partial.unlink(missing_ok=True)
            raise EnvironmentFault(f"{model.address}: the server sent another part than was asked for; start again.")
        at = begun if goes_on else 0
        left = answer.headers.get("Content-Length", "")
        total = at + int(left) if left.isascii() and left.isdigit() else None
        if total is not None and total > most:
            raise BadFileError(model.address, f"it has {total:,} bytes, not {most:,}", "try again later")
        partial.parent.mkdir(parents=True, exist_ok=True)
        with alone(partial, 0), partial.open("ab" if goes_on else "wb") as file:
            at = _copy(model, answer, file, at, total or model.size, advance)
        if at > most:
            partial.unlink()
            raise BadFileError(model.address, f"it has more than {most:,} bytes", "try again later; it was removed")
        if total is not None and at < total:
            raise EnvironmentFault(_broken(model, at, total))


def _copy(model: PublicModel, answer: Any, file: IO[bytes], at: int, total: int | None, advance: Advance) -> int:
    """Copy what comes until it ends or is too much; returns the length of the file."""
    most = model.size or LARGEST
    advance(at, total)
    while at <= most:
        try:
            block = answer.read(min(BLOCK, most + 1 - at))
        except (http.client.HTTPException, OSError) as error:
            raise EnvironmentFault(_broken(model, at, total)) from error
        if not block:
            break
        file.write(block)
        at += len(block)
        advance(at, total)
    return at


def _answer(model: PublicModel, begun: int) -> Any:
    """The server's answer to a request that begins at a byte; raises EnvironmentFault where there is none."""
    _allowed(model.address)
    headers = {"User-Agent": f"pixel-retrieval-annotator/{__version__}", "Accept-Encoding": "identity"}
    if begun:
        headers["Range"] = f"bytes={begun}-"
    request = urllib.request.Request(model.address, headers=headers)  # noqa: S310 (_allowed looked at the address)
    try:
        return _opener(model.address).open(request, timeout=PATIENCE)
    except urllib.error.HTTPError as error:
        error.close()
        if begun and error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            return _answer(model, 0)
        raise EnvironmentFault(
            f"{model.address}: the server answers {error.code} {error.reason}; {OFFLINE}."
        ) from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise EnvironmentFault(f"{model.address}: it cannot be reached ({reason}); {OFFLINE}.") from error


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only where the new address may be asked too."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        _allowed(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(address: str) -> urllib.request.OpenerDirector:
    """HTTP and HTTPS alone: no files, no FTP; this machine is asked without a proxy."""
    opener = urllib.request.OpenerDirector()
    proxies: dict[str, str] | None = {} if urlsplit(address).hostname in LOOPBACK else None
    for handler in (
        urllib.request.ProxyHandler(proxies), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(), _Redirects(), urllib.request.HTTPErrorProcessor(),
    ):  # fmt: skip
        opener.add_handler(handler)
    return opener


def _allowed(address: str) -> None:
    """Raises RefusedError for an address that is neither encrypted nor of this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError as error:
        raise RefusedError(f"{address!r} is no address.") from error
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)):
        raise RefusedError(f"{address} is not asked for, because the way there is not encrypted (https).")


def _begins_at(answer: Any, begun: int) -> bool:
    return str(answer.headers.get("Content-Range", "")).startswith(f"bytes {begun}-")


def _broken(model: PublicModel, at: int, total: int | None) -> str:
    of = f" of {total:,}" if total else ""
    return f"{model.address}: the connection broke after {at:,}{of} bytes; the same command goes on from there."


def _sum(path: Path, algorithm: str) -> str:
    found = hashlib.new(algorithm, usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()
