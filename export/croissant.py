"""croissant.json: the release described for dataset search and loaders in MLCommons Croissant 1.0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from export.layout import groups_path, masks_path, provenance_path, statistics_path
from export.licence import Licence

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the Croissant 1.0 specification prescribes."""

_FIELDS = {
    "group": ("sc:Integer", "Number of the query group."),
    "image": ("sc:Text", "Name of the index image, without extension."),
    "index": ("sc:Integer", "Position of the index image in the ground truth's list."),
    "difficulty": ("sc:Text", "easy or hard."),
    "width": ("sc:Integer", "Width of the image in pixels."),
    "height": ("sc:Integer", "Height of the image in pixels."),
    "area": ("sc:Integer", "Pixels of the mask."),
    "components": ("sc:Integer", "Number of 8-connected components of the mask."),
    "holes": ("sc:Integer", "Number of holes in the mask."),
    "label": ("sc:Text", "Path of the label file with the key-hole rings."),
}


def croissant_data(
    title: str,
    version: str,
    date: str,
    licence: Licence,
    url: str,
    datasets: Sequence[str],
    files: Mapping[str, tuple[int, str]],
) -> dict[str, Any]:
    """The document; `url` is where the release is found, `date` is YYYY-MM-DD.

    `files` gives size and SHA-256 of the files that it describes.
    """
    distribution: list[dict[str, Any]] = []
    records: list[dict[str, Any]] = []
    for dataset in datasets:
        provenance = provenance_path(dataset)
        distribution += [
            _file(f"{dataset}-table", statistics_path(dataset, "pairs.csv"), "text/csv", files),
            _file(f"{dataset}-provenance", provenance, "application/jsonlines", files),
            _file(f"{dataset}-masks", masks_path(dataset), "application/json", files),
            _file(f"{dataset}-groups", groups_path(dataset), "application/json", files),
        ]
        records.append(_pairs(dataset))
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": title,
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "description": "Masks of query objects in index images for pixel retrieval: exact run-length masks, labels for "
        "the published evaluator, query groups and the provenance of every pair.",
        "license": licence.url,
        "url": url,
        "version": _three_numbers(version),
        "datePublished": date,
        "citeAs": f"{title}, version {version}",
        "distribution": distribution,
        "recordSet": records,
    }


def _file(name: str, path: str, form: str, files: Mapping[str, tuple[int, str]]) -> dict[str, Any]:
    size, sha256 = files[path]
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": path,
        "contentUrl": path,
        "contentSize": f"{size} B",
        "encodingFormat": form,
        "sha256": sha256,
    }


def _pairs(dataset: str) -> dict[str, Any]:
    name = f"{dataset}-pairs"
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"{name}/{column}",
            "name": column,
            "description": text,
            "dataType": kind,
            "source": {"fileObject": {"@id": f"{dataset}-table"}, "extract": {"column": column}},
        }
        for column, (kind, text) in _FIELDS.items()
    ]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"One record per pair (query group, index image) of {dataset}.",
        "field": fields,
    }


def _three_numbers(version: str) -> str:
    """Croissant asks for MAJOR.MINOR.PATCH."""
    parts = version.split(".")
    return ".".join([*parts, "0", "0"][:3])
