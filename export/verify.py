"""Verification: every check of a release (FORMAT A5) that needs no photograph, and the history of a project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from annotator.datasets.library import ImageLibrary
from annotator.domain.errors import AnnotatorError
from annotator.project.project import Project
from export.layout import MANIFEST, is_dataset_name, pair_table_path
from export.options import Progress
from export.parallel import mapped
from export.verification.dataset import Labels, dataset_labels
from export.verification.files import Manifest, checksum_findings, read_manifest, strangers
from export.verification.finding import Finding, shortened
from export.verification.label import ExpectedMask, FileJob, file_findings

_TABLE = pair_table_path("")


def verify_release(
    path: Path, *, images: Path | None = None, progress: Progress | None = None, workers: int | None = None
) -> list[Finding]:
    """What is wrong with the release at `path`; empty when nothing is. Broken and hostile releases raise nothing.

    With `images`, a folder that holds the photographs, their sizes are compared with the labels' too.
    """
    if not path.is_dir():
        problem = "this is a file; name the release's directory" if path.exists() else "there is no such directory"
        return [Finding("files", str(path), problem)]
    findings: list[Finding] = []
    manifest = read_manifest(path, findings)
    if not manifest.files and not (path / MANIFEST).is_file():
        return findings
    findings += strangers(path, manifest)
    findings += checksum_findings(path, manifest)
    labels: dict[str, ExpectedMask | None] = {}
    flags: dict[str, tuple[str, ...]] = {}
    datasets = datasets_of(path, manifest)
    if not datasets:
        findings.append(Finding("pair table", MANIFEST, "the release holds no dataset"))
    for dataset in datasets:
        found = dataset_labels(path, dataset, manifest, findings)
        labels.update(found.masks)
        flags.update(found.flags)
    findings += _stray_labels(manifest, labels)
    jobs = _jobs(path, manifest, Labels(labels, flags))
    for number, problems in enumerate(mapped(file_findings, jobs, workers), start=1):
        findings += problems
        if progress is not None:
            progress(number, len(jobs), "files")
    if images is not None:
        findings += _image_findings(labels, images)
    return shortened(findings)


def verify_project(project: Project) -> list[Finding]:
    """What was altered in the history of a project: its passes are chained by their hashes."""
    return [Finding("history", project.name, sentence.rstrip(".")) for sentence in project.store.verify_chain()]


def datasets_of(root: Path, manifest: Manifest) -> list[str]:
    """The datasets of a release: those that the manifest counts, and those that have a pair table."""
    counts = manifest.head.get("counts")
    named = set(counts) if isinstance(counts, dict) else set()
    tables = {entry.name.removesuffix(_TABLE) for entry in root.iterdir() if entry.name.endswith(_TABLE)}
    return sorted(filter(is_dataset_name, named | tables))


def _stray_labels(manifest: Manifest, labels: Mapping[str, ExpectedMask | None]) -> list[Finding]:
    return [
        Finding("labels", path, "no pair or query of this release leads to it")
        for path in manifest.files
        if path.startswith(("labels/", "queries/")) and path not in labels
    ]


def _jobs(root: Path, manifest: Manifest, labels: Labels) -> list[FileJob]:
    paths = [*manifest.files, *(path for path in labels.masks if path not in manifest.files)]
    return [
        FileJob(root, path, manifest.files.get(path), labels.masks.get(path), labels.flags.get(path, ()))
        for path in paths
    ]


def _image_findings(labels: Mapping[str, ExpectedMask | None], images: Path) -> list[Finding]:
    """Photographs that are here and whose size as shown is another than the label's."""
    library = ImageLibrary(images)
    names = {path: Path(mask.file_name).stem for path, mask in labels.items() if mask is not None}
    try:
        library.scan(names.values())
    except AnnotatorError as error:
        return [Finding("images", str(images), str(error).rstrip("."))]
    found = []
    for path, mask in labels.items():
        if mask is not None and library.has(names[path]) and library.size(names[path]) != mask.size:
            width, height = library.size(names[path])
            found.append(Finding("images", path, f"the photograph {mask.file_name} has {width} × {height} pixels"))
    return found
