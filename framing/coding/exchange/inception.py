"""INCEpTION, through dkpro-cassis: a CAS per article and coder out, as XMI and as JSON, and both back.

A CAS holds the coder's units of an article in the order of the text, a line each, and what may be read before them;
every unit is an annotation with the layer's features still empty. Offsets on disk count UTF-16 units, in Python
characters: cassis turns one into the other, nothing here reads offsets by itself.

No server was at hand, so these could not be verified: that INCEpTION takes the type system or `LAYER_FILE` as a layer
(the fields of the latter), that it adds tokens to documents that have sentences alone, and the layout of an exported
project (``annotation/<document>/<user>.xmi`` or ``.json``, or a zip of that name with the CAS in it). What cassis
writes and reads is UIMA's own XMI and JSON. INCEpTION shows articles, not a queue: coders see all their units of one
at a time. An answer does not say whether a recommender proposed it: configure none.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from framing.coding.codebook import Codebook
from framing.coding.exchange.cells import same_text, texts_of
from framing.coding.exchange.form import answers_table, parse_name, unit_name, variables
from framing.coding.exchange.places import file_name, listed, printable
from framing.coding.wording import Question, questions
from framing.errors import InputError, MissingDependencyError
from framing.files import atomic, text_sha, write_json

if TYPE_CHECKING:
    from cassis import Cas, TypeSystem

TOOL = "inception"
TITLE = "INCEpTION"
START = """\
Download the stand-alone .jar from inception-project.github.io (Java), then: java -jar inception-app-standalone-*.jar
It runs on http://localhost:8080; where it asks about telemetry, decline.
A project per coder, Settings > Details: script direction right to left; Layers > Import: layer.json, or TypeSystem.xml;
Documents > Import: the files in xmi ("UIMA CAS XMI") or those in json ("UIMA CAS JSON"), not both; no recommenders.
At the end: Settings > Export > annotations, in one of these two formats."""

LAYER = "custom.FramingUnit"
"""Name of the layer, whose annotations are the units."""

SENTENCE = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"
TYPESYSTEM, LAYER_FILE = "TypeSystem.xml", "layer.json"
_FOREIGN = ("INITIAL_CAS", "CURATION_USER")
_CURE = "Name the zip that INCEpTION exported, or .xmi and .json files in it."


def features(codebook: Codebook) -> dict[str, str]:
    """Return the layer's feature for each variable: its own name, or a number where UIMA does not take that name."""
    names = variables(codebook)
    return {v: v if v.isascii() and v.isidentifier() else f"variable{n}" for n, v in enumerate(names, start=1)}


def type_system(codebook: Codebook) -> TypeSystem:
    """Return the types of our CASes: the layer with a feature for each variable, and DKPro's sentences.

    Raises
    ------
    MissingDependencyError
        Without dkpro-cassis.
    """
    cassis = _cassis()
    types = cassis.TypeSystem()
    layer = types.create_type(LAYER, "uima.tcas.Annotation")
    for name in ("unit", "coder", "note"):
        types.create_feature(layer, name, "uima.cas.String")
    for variable, name in features(codebook).items():
        if variable == "frames":
            types.create_feature(layer, name, "uima.cas.StringArray", elementType="uima.cas.String")
        else:
            types.create_feature(layer, name, "uima.cas.String")
    types.create_type(SENTENCE, "uima.tcas.Annotation")
    return types


def _cassis() -> Any:
    try:
        import cassis
    except ImportError:
        install = "pip install 'arabic-framing[exchange]'"
        raise MissingDependencyError("dkpro-cassis", "INCEpTION's format", install) from None
    return cassis


def export(tasks: pd.DataFrame, codebook: Codebook, folder: Path, coder: str) -> list[Path]:
    """Write a coder's articles, each as ``xmi/<n>-<article>.xmi`` and ``json/<n>-<article>.json``, and the layer.

    Parameters
    ----------
    tasks
        ``doc_id, unit, text, sha`` and, where the codebook allows context, ``context``. Articles are numbered in the
        coder's order; inside one, units stand as in the text.

    Raises
    ------
    MissingDependencyError
        Without dkpro-cassis.
    """
    folder = Path(folder)
    types = type_system(codebook)
    written = [folder / TYPESYSTEM, folder / LAYER_FILE]
    with atomic(written[0]) as scratch:
        types.to_xml(scratch)
    write_json(_layer(codebook), written[1])
    order = tasks["doc_id"].drop_duplicates().tolist()
    for number, doc_id in enumerate(order, start=1):
        cas = _article(tasks[tasks["doc_id"].eq(doc_id)].sort_values("unit"), types, codebook, coder)
        name = f"{number:0{len(str(len(order)))}d}-{file_name(str(doc_id))}"
        for kind, write in (("xmi", cas.to_xmi), ("json", cas.to_json)):
            path = folder / kind / f"{name}.{kind}"
            with atomic(path) as scratch:
                write(scratch)
            written.append(path)
    return written


def _article(tasks: pd.DataFrame, types: TypeSystem, codebook: Codebook, coder: str) -> Cas:
    """Return the CAS of an article: context that the coder has no unit of stands as a line without one."""
    cas = _cassis().Cas(types)
    unit_type, sentence = types.get_type(LAYER), types.get_type(SENTENCE)
    lines: list[tuple[str, str]] = []
    shown: set[str] = set()
    for task in tasks.to_dict("records"):
        above = [line for line in str(task.get("context", "")).split("\n") if line and line not in shown]
        name = unit_name(str(task["doc_id"]), int(task["unit"]), str(task["sha"]), codebook)
        lines += [*((line, "") for line in above), (str(task["text"]), name)]
        shown |= {*above, " ".join(str(task["text"]).split())}
    cas.sofa_string = printable("\n".join(line for line, _ in lines))
    cas.sofa_mime = "text/plain"
    begin = 0
    for line, name in lines:
        end = begin + len(line)
        cas.add(sentence(begin=begin, end=end))
        if name:
            cas.add(unit_type(begin=begin, end=end, unit=name, coder=coder))
        begin = end + 1
    return cas


def _layer(codebook: Codebook) -> dict[str, Any]:
    """Return the layer as INCEpTION exports one: a set of tags for each variable, in Arabic and English."""
    asked = {question.id: question for question in questions(codebook)}
    names = features(codebook)
    fields = [_feature(names[variable], asked[variable]) for variable in names]
    fields += [_feature(name, None) for name in ("note", "unit", "coder")]
    return {
        "name": LAYER,
        "uiName": "Unit",
        "type": "span",
        "description": f"{codebook.name}, {codebook.version}",
        "enabled": True,
        "built_in": False,
        "readonly": False,
        "allow_stacking": False,
        "cross_sentence": True,
        "show_hover": True,
        "anchoring_mode": "CHARACTERS",
        "overlap_mode": "NO_OVERLAP",
        "validation_mode": "NEVER",
        "features": [field | {"rank": n} for n, field in enumerate(fields)],
    }


def _feature(name: str, question: Question | None) -> dict[str, Any]:
    several = question is not None and question.several
    field: dict[str, Any] = {
        "name": name,
        "uiName": name if question is None else f"{question.ask_ar} · {question.ask_en}",
        "type": "uima.cas.StringArray" if several else "uima.cas.String",
        "multi_value_mode": "ARRAY" if several else "NONE",
        "link_mode": "NONE",
        "enabled": True,
        "visible": question is not None or name == "note",
        "required": False,
        "remember": False,
        "include_in_hover": False,
        "description": "" if question is None else question.hint,
    }
    if question is not None:
        tags = [
            {"tag_name": o.id, "tag_description": " · ".join(filter(None, (o.label_ar, o.label_en, o.hint)))}
            for o in question.options
        ]
        field["tag_set"] = {"name": name, "description": question.hint, "tags": tags, "create_tag": False}
    return field


def read(paths: Path | Sequence[Path], units: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Read exported CASes, XMI or JSON, zipped or not, for `framing.coding.exchange.checks.keep`.

    Parameters
    ----------
    paths
        Files, or folders of them; of an exported project the annotations alone, not curation or untouched documents.
    units
        ``doc_id, unit, text`` of what could be shown.

    Raises
    ------
    MissingDependencyError
        Without dkpro-cassis.
    InputError
        Where a file is no CAS of ours.
    """
    texts, names = texts_of(units), features(codebook)
    records = []
    for path in listed(paths, ".xmi", ".json", ".zip"):
        for place, content, own in _documents(path):
            user = Path(place).stem if "annotation" in Path(place).parts else ""
            for row, unit in enumerate(_annotations(place, content, own, codebook), start=1):
                records.append(_said(unit, names, texts) | {"account": user, "file": place, "row": row})
    return answers_table(records, codebook)


def _said(unit: Any, names: dict[str, str], texts: dict[tuple[str, int], str]) -> dict[str, Any]:
    """Return what an annotation says, as a record; a feature without a value is not answered."""
    said: dict[str, Any] = {"coder": unit.coder, "note": unit.note, "tool": TOOL}
    for variable, feature in names.items():
        value = unit.get(feature)
        said[variable] = (list(value.elements or []) or None) if variable == "frames" and value is not None else value
    name = parse_name(unit.unit or "")
    if name is None:
        return said | {"doc_id": "", "unit": -1}
    text, covered = texts.get((name.doc_id, name.unit)), unit.get_covered_text()
    said |= name._asdict()
    if text is not None and not same_text(covered, text):
        said["sha"] = text_sha(covered)
    return said


Document = tuple[str, bytes, bytes | None]
"""Place and content of a CAS, and the type system that stands beside it."""


def _documents(path: Path) -> Iterator[Document]:
    """Yield each CAS that is a coder's in a file or zip, and in zips inside it."""
    if path.suffix.lower() == ".zip":
        yield from _bundle(str(path), path.read_bytes())
    elif path.stem not in _FOREIGN:
        types = path.with_name(TYPESYSTEM)
        yield str(path), path.read_bytes(), types.read_bytes() if types.exists() else None


def _bundle(place: str, content: bytes) -> Iterator[Document]:
    """Yield each CAS in a zip: of a project, annotations alone, not curation or what nobody has touched."""
    try:
        bundle = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise InputError(f"not a readable zip ({error})", file=place, cure=_CURE) from None
    with bundle:
        inside = [Path(name) for name in sorted(bundle.namelist())]
        project = any("annotation" in name.parts for name in inside)
        for name in inside:
            if name.stem in _FOREIGN or (project and "annotation" not in name.parts):
                continue
            if name.suffix.lower() == ".zip":
                yield from _bundle(f"{place}/{name}", bundle.read(str(name)))
            elif name.suffix.lower() in (".xmi", ".json"):
                types = name.with_name(TYPESYSTEM)
                yield f"{place}/{name}", bundle.read(str(name)), bundle.read(str(types)) if types in inside else None


def _annotations(place: str, content: bytes, own: bytes | None, codebook: Codebook) -> list[Any]:
    """Return the units of a CAS; none of JSON that is no CAS, such as the layer."""
    cassis, file = _cassis(), io.BytesIO(content)
    if place.lower().endswith(".json") and b"%FEATURE_STRUCTURES" not in content:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # types that other layers bring along
        try:
            types = type_system(codebook) if own is None else cassis.load_typesystem(io.BytesIO(own))
            load = cassis.load_cas_from_xmi if place.lower().endswith(".xmi") else cassis.load_cas_from_json
            return list(load(file, typesystem=types, lenient=True).select(LAYER))
        except MissingDependencyError:
            raise
        except Exception as error:  # cassis lets through whatever its parsers raise
            raise InputError(f"not a readable CAS ({type(error).__name__}: {error})", file=place, cure=_CURE) from None
