"""Croissant metadata of a folder of annotations, made from its files: ``python -m framing.coding.croissant FILE``."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from framing.coding.provenance import read_provenance
from framing.errors import InputError
from framing.files import read_table, read_text, write_json

OUT = "croissant.json"
"""Name of the file that is written beside the metadata."""

CONFORMS_TO = ("http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0")
"""Versions of Croissant and of its vocabulary for responsible AI (MLCommons)."""

_TYPES = {
    ".csv": "text/csv", ".json": "application/json", ".jsonl": "application/jsonlines", ".md": "text/markdown",
    ".toml": "application/toml", ".yaml": "application/yaml",
}  # fmt: skip

# The context that the specification prescribes.
_IDS = (
    "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet", "format",
    "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
    "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip
CONTEXT: dict[str, object] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    **{name: f"cr:{name}" for name in _IDS},
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "sc": "https://schema.org/",
}

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")


def croissant(metadata: str | Path) -> dict[str, Any]:
    """Describe a data set in Croissant (MLCommons 2024, https://docs.mlcommons.org/croissant/docs/croissant-spec.html).

    Parameters
    ----------
    metadata
        YAML with ``name, version, language, license, creator, keywords, description, cite_as``, ``provenance`` (the
        file that says who coded), ``limitations``, ``personal``, ``files`` (a description by name, ``*`` for several,
        relative to this file) and ``columns`` (a description by name).

    Returns
    -------
    dict
        JSON-LD: a file object with SHA-256 and size for each file, a record set for each ``.csv``, whose fields have
        the type of their cells.

    Raises
    ------
    InputError
        Where a part is missing, a file is not there, or a column of a table is not described.
    """
    metadata = Path(metadata)
    data = _parts(metadata)
    coded_by = read_provenance(metadata.parent / data["provenance"])
    listed = _listed(metadata, data["files"])
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": data["name"],
        "description": " ".join(data["description"].split()),
        "conformsTo": list(CONFORMS_TO),
        "license": data["license"],
        "creator": {"@type": "sc:Organization", "name": data["creator"]},
        "version": data["version"],
        "inLanguage": data["language"],
        "keywords": data["keywords"],
        "citeAs": data["cite_as"],
        "rai:annotationsPerItem": str(coded_by.coders),
        "rai:dataAnnotationProtocol": coded_by.statement,
        "rai:dataLimitations": " ".join(data["limitations"].split()),
        "rai:personalSensitiveInformation": " ".join(data["personal"].split()),
        "distribution": [_file(metadata.parent, name, told) for name, told in listed.items()],
        "recordSet": [
            _records(metadata, name, told, data["columns"]) for name, told in listed.items() if name.endswith(".csv")
        ],
    }


def write_croissant(metadata: str | Path) -> Path:
    """Write `croissant` beside its metadata, and return the file."""
    out = Path(metadata).parent / OUT
    write_json(croissant(metadata), out)
    return out


def _parts(metadata: Path) -> dict[str, Any]:
    import yaml

    try:
        data = yaml.safe_load(read_text(metadata))
    except yaml.YAMLError as error:
        raise InputError(f"not valid YAML ({error})", file=metadata, cure="Check indentation and quotes.") from None
    needed = (
        "name", "version", "language", "license", "creator", "keywords", "description", "cite_as", "provenance",
        "limitations", "personal", "files", "columns",
    )  # fmt: skip
    missing = [part for part in needed if not isinstance(data, dict) or not data.get(part)]
    if missing:
        raise InputError(f"no '{missing[0]}'", file=metadata, cure=f"Write {', '.join(needed)}.")
    return dict(data)


def _listed(metadata: Path, files: dict[str, str]) -> dict[str, str]:
    """Return descriptions by the name of each file, patterns spelt out."""
    found: dict[str, str] = {}
    for pattern, told in files.items():
        folder = (metadata.parent / pattern).parent
        names = sorted(path.name for path in folder.glob(Path(pattern).name))
        if not names:
            raise InputError(f"'{pattern}' is described and not there", file=metadata, cure="Correct its name.")
        found |= {str(Path(pattern).parent / name) if "/" in pattern else name: told for name in names}
    return found


def _file(folder: Path, name: str, told: str) -> dict[str, object]:
    raw = (folder / name).read_bytes()
    return {
        "@type": "cr:FileObject",
        "@id": Path(name).name,
        "name": Path(name).name,
        "description": told,
        "contentUrl": name,
        "contentSize": f"{len(raw)} B",
        "encodingFormat": _TYPES.get(Path(name).suffix, "text/plain"),
        "sha256": hashlib.sha256(raw).hexdigest(),
    }


def _records(metadata: Path, name: str, told: str, columns: dict[str, str]) -> dict[str, object]:
    table = read_table(metadata.parent / name)
    file, ident = Path(name).name, Path(name).stem
    unknown = [column for column in table.columns if column not in columns]
    if unknown:
        raise InputError(
            f"the column '{unknown[0]}' of {name} is not described", file=metadata, cure="Describe it under 'columns'."
        )
    return {
        "@type": "cr:RecordSet",
        "@id": ident,
        "name": ident,
        "description": told,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{ident}/{column}",
                "name": column,
                "description": columns[column],
                "dataType": _data_type(table[column]),
                "source": {"fileObject": {"@id": file}, "extract": {"column": column}},
            }
            for column in table.columns
        ],
    }


def _data_type(cells: pd.Series) -> str:
    """Return the type of a column's cells: whole numbers, numbers (empty cells among them or not), else text."""
    filled = [cell for cell in map(str, cells) if cell]
    found = [_NUMBER.fullmatch(cell) for cell in filled]
    if not filled or not all(found):
        return "sc:Text"
    whole = len(filled) == len(cells) and not any(match and match[2] for match in found)
    return "sc:Integer" if whole else "sc:Float"


def main(arguments: Sequence[str]) -> None:
    """Write the Croissant metadata of the metadata files named."""
    for metadata in arguments:
        print(f"Written: {write_croissant(metadata)}")


if __name__ == "__main__":
    main(sys.argv[1:])
