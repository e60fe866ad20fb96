"""The card for machines: `croissant.json`, MLCommons Croissant 1.1 in JSON-LD.

Every published file is a FileObject with its SHA-256, every folder a FileSet, every table a RecordSet with
typed fields. The training rows have a RecordSet per language, named as the configurations of the card, and
`default` for all.

Source: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from stack_pipeline.card.columns import COLUMNS, RELEASE_SCHEMAS, TABLE_MEANINGS
from stack_pipeline.card.facts import FileGroup, ReleaseFacts
from stack_pipeline.card.front_matter import DEFAULT_CONFIG, pretty_name
from stack_pipeline.card.markdown import count
from stack_pipeline.card.notices import treatment
from stack_pipeline.manifest import MANIFEST_NAME

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
PARQUET = "application/x-parquet"

_TERMS = (
    *(
        "arrayShape",
        "citeAs",
        "column",
        "containedIn",
        "equivalentProperty",
        "extract",
        "field",
        "fileObject",
    ),
    *("fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5"),
    *("parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate"),
    *("separator", "source", "subField", "transform"),
)
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    **{term: f"cr:{term}" for term in _TERMS},
}

_KEYS = {"data": "content_id", "repositories": "repository_id", "licenses": "id"}
"""The column that names a row, where one does."""


def croissant_json(facts: ReleaseFacts) -> bytes:
    """Return the whole file, UTF-8, with a line for each member of the data set and each item of its lists."""
    members = (f"{_compact(name)}: {_lines(value)}" for name, value in _dataset(facts).items())
    return ("{\n" + ",\n".join(members) + "\n}\n").encode()


def _lines(value: Any) -> str:
    """Return a value as JSON, the items of a list on lines of their own."""
    if not isinstance(value, list) or not value:
        return _compact(value)
    return "[\n" + ",\n".join(map(_compact, value)) + "\n]"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _dataset(facts: ReleaseFacts) -> dict[str, Any]:
    layout = ".".join(str(part) for part in facts.manifest["layout"])
    title, check = pretty_name(facts), f"SHA-256 of {MANIFEST_NAME}: {facts.root}"
    files = count(facts.table("data").rows, "file")
    languages = count(len(facts.languages), "language")
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": facts.name,
        "description": f"{files} of source code in {languages}, {treatment(facts)}. {check}",
        "version": f"{layout}.0+{facts.root[:12]}",
        "license": {
            "@type": "sc:CreativeWork",
            "name": "Each file keeps its own licence",
            "description": "See the column license_expression and the tables origins and licenses.",
        },
        "keywords": ["code", "source code", "language models"],
        "citeAs": f"@misc{{{facts.name}, title = {{{title}}}, note = {{{check}}}}}",
        "distribution": _distribution(facts),
        "recordSet": _record_sets(facts),
    }


def _distribution(facts: ReleaseFacts) -> list[dict[str, Any]]:
    manifest = _file_object(MANIFEST_NAME, facts.manifest_size_bytes, facts.root, "application/json")
    files = [
        _file_object(file["name"], file["size_bytes"], file["sha256"], PARQUET)
        for file in facts.manifest["files"]
    ]
    return [manifest, *files, *map(_file_set, (*facts.tables, *facts.languages))]


def _file_object(name: str, size_bytes: int, sha256: str, encoding_format: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{size_bytes} B",
        "encodingFormat": encoding_format,
        "sha256": sha256,
    }


def _file_set(group: FileGroup) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": group.pattern,
        "name": group.pattern,
        "description": f"{group.title}: {count(group.rows, 'row')} in {count(group.files, 'file')}",
        "encodingFormat": PARQUET,
        "includes": group.pattern,
    }


def _record_sets(facts: ReleaseFacts) -> list[dict[str, Any]]:
    named = {"data": DEFAULT_CONFIG}
    tables = [
        _record_set(named.get(group.name, group.name), group, table=group.name, describe=True)
        for group in facts.tables
    ]
    languages = [_record_set(group.name, group, table="data", describe=False) for group in facts.languages]
    return [*tables, *languages]


def _record_set(name: str, group: FileGroup, *, table: str, describe: bool) -> dict[str, Any]:
    """Return the record set of a folder.

    Args:
        name: Its id, and the first part of the ids of its fields.
        group: The files.
        table: The table whose columns they have.
        describe: Whether the fields say what they mean; those of a language leave that to `default`.
    """
    meaning = (
        TABLE_MEANINGS[table] if describe else f"the training rows in {group.title}; see {DEFAULT_CONFIG}"
    )
    record_set: dict[str, Any] = {"@type": "cr:RecordSet", "@id": name, "name": name, "description": meaning}
    if table in _KEYS:
        record_set["key"] = {"@id": f"{name}/{_KEYS[table]}"}
    described = COLUMNS[table] if describe else {}
    record_set["field"] = [
        _field(f"{name}/{column.name}", column, source=group.pattern, description=described.get(column.name))
        for column in RELEASE_SCHEMAS[table]
    ]
    return record_set


def _field(identity: str, column: pa.Field, *, source: str, description: str | None) -> dict[str, Any]:
    field: dict[str, Any] = {"@type": "cr:Field", "@id": identity, "name": column.name}
    if description is not None:
        field["description"] = description
    is_list = pa.types.is_list(column.type)
    field["dataType"] = data_type(column.type.value_type if is_list else column.type)
    if is_list:
        field |= {"isArray": True, "arrayShape": "-1"}
    field["source"] = {"fileSet": {"@id": source}, "extract": {"column": column.name}}
    return field


def data_type(kind: pa.DataType) -> str:
    """Return Croissant's name of a column type; bytes are text there.

    Examples:
        >>> data_type(pa.int64()), data_type(pa.timestamp("us", tz="UTC")), data_type(pa.binary())
        ('cr:Int64', 'sc:DateTime', 'sc:Text')
    """
    if pa.types.is_timestamp(kind):
        return "sc:DateTime"
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_integer(kind):
        return "cr:Int64"
    return "cr:Float64" if pa.types.is_floating(kind) else "sc:Text"
