"""The image library: the images that a ground truth names, found by name in a folder tree.

Nothing but the named images is opened. What is wrong with a file is reported and never stops the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from annotator.datasets.completeness import ends_early
from annotator.datasets.decode import decode, read_header
from annotator.datasets.folder_walk import Found, find_images
from annotator.datasets.image_file import EXTENSIONS, DamagedImageError, ImageHeader, OversizedImageError
from annotator.datasets.library_cache import FileFacts, LibraryCache
from annotator.datasets.library_report import FileProblem, LibraryReport, ProblemKind
from annotator.domain.errors import AnnotatorError, BadFileError, EnvironmentFault
from annotator.domain.geometry import Size

_CHUNK = 1 << 20


class ImageLibrary:
    """Images by name (without extension) below `folder`.

    `cache_file`, where given, keeps what was learnt of the files between starts; a file that changed is read again.
    """

    def __init__(self, folder: Path, cache_file: Path | None = None) -> None:
        self.folder = folder
        self._cache = LibraryCache(cache_file)
        self._paths: dict[str, str] = {}
        self._report = LibraryReport()

    @property
    def report(self) -> LibraryReport:
        """The report of the last scan."""
        return self._report

    def scan(self, names: Iterable[str]) -> LibraryReport:
        """Look for the images of these names and judge their headers and ends.

        Raises EnvironmentFault when the folder itself cannot be read.
        """
        wanted = list(dict.fromkeys(names))
        found = find_images(self.folder, set(wanted))
        self._paths = {}
        kind = ProblemKind.UNREADABLE
        closed = [Path(path) for path in found.closed]
        problems = [FileProblem(path.name, path, kind, "this folder cannot be read") for path in closed]
        for name in wanted:
            problems += self._judge(name, found)
        missing = tuple(name for name in wanted if name not in found.files and name not in found.outside)
        self._report = LibraryReport(tuple(self._paths), missing, tuple(problems))
        self._cache.save()
        return self._report

    def has(self, name: str) -> bool:
        """Whether the last scan found a usable image of this name."""
        return name in self._paths

    def path(self, name: str) -> Path | None:
        """The file of an image; None when it is missing or cannot be used."""
        path = self._paths.get(name)
        return None if path is None else Path(path)

    def size(self, name: str) -> Size:
        """(width, height) of the image as shown; raises BadFileError when it is missing or cannot be used."""
        facts = self._facts(self._require(name))
        return facts.width, facts.height

    def orientation(self, name: str) -> int:
        """The EXIF orientation, 1 to 8, of an image; raises BadFileError when it is missing or cannot be used."""
        return self._facts(self._require(name)).orientation

    def sha256(self, name: str) -> str:
        """SHA-256 of the file's bytes, read once as long as it does not change; raises as `size` does."""
        path = self._require(name)
        facts = self._facts(path)
        if not facts.sha256:
            facts = self._cache.keep(path, facts.with_sha256(_sha256(Path(path))))
        return facts.sha256

    def save_cache(self) -> None:
        """Write what was learnt to the cache file; a cache that cannot be written is left as it is."""
        self._cache.save()

    def _require(self, name: str) -> str:
        path = self._paths.get(name)
        if path is None:
            raise BadFileError(self.folder / name, "this image is missing or cannot be used", "add it to the folder")
        return path

    def _judge(self, name: str, found: Found) -> list[FileProblem]:
        """Problems of one name; its file is taken when it can be used."""
        if name in found.outside and name not in found.files:
            link = Path(found.outside[name])
            return [FileProblem(name, link, ProblemKind.OUTSIDE, "the link leads out of the folder")]
        paths = found.files.get(name, [])
        if not paths:
            return []
        problems = []
        if len(paths) > 1:
            others = ", ".join(paths[1:])
            problems.append(FileProblem(name, Path(paths[0]), ProblemKind.DUPLICATE, f"taken instead of {others}"))
        try:
            facts = self._facts(paths[0])
        except AnnotatorError as error:
            return [*problems, _unusable(name, Path(paths[0]), error)]
        self._paths[name] = paths[0]
        if not paths[0].lower().endswith(EXTENSIONS[facts.form]):
            problem = f"it is a {facts.form} image whatever its name says, and is read as one"
            problems.append(FileProblem(name, Path(paths[0]), ProblemKind.MISLABELLED, problem))
        return problems

    def _facts(self, path: str) -> FileFacts:
        known = self._cache.get(path)
        return known or self._cache.keep(path, _learn(Path(path)))


def _learn(path: Path) -> FileFacts:
    """Facts of a whole, usable file; raises BadFileError or EnvironmentFault for another."""
    header = read_header(path)
    _require_whole(path, header)
    status = path.stat()
    width, height = header.size
    return FileFacts(status.st_size, status.st_mtime_ns, header.form, width, height, header.orientation)


def _require_whole(path: Path, header: ImageHeader) -> None:
    try:
        with path.open("rb") as stream:
            early = ends_early(stream, path.stat().st_size, header.form)
    except OSError as error:
        raise EnvironmentFault(f"{path}: cannot be read ({error.strerror}); check its rights.") from error
    if early is None and header.form in ("JPEG", "MPO", "PNG"):
        decode(path)  # other bytes follow the end: only decoding tells
    elif early:
        raise DamagedImageError(path, "this image is truncated", "get the original file again")


def _unusable(name: str, path: Path, error: AnnotatorError) -> FileProblem:
    problem = error.problem if isinstance(error, BadFileError) else str(error)
    kinds = {DamagedImageError: ProblemKind.TRUNCATED, OversizedImageError: ProblemKind.OVERSIZED}
    kind = next((kind for family, kind in kinds.items() if isinstance(error, family)), ProblemKind.UNREADABLE)
    return FileProblem(name, path, kind, problem)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise EnvironmentFault(f"{path}: cannot be read ({error.strerror}); check the disk.") from error
    return digest.hexdigest()
