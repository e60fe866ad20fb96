"""Give every file of a repository its licence verdict, with the evidence for it.

The order of decision:

1. An SPDX tag in the file, its REUSE sidecar, `REUSE.toml` or `.reuse/dep5` decides alone, unless the file's
   own
   comments contradict a permissive tag (*conflict*). A statement that cannot be read is *unclear*.
2. The header, joined by AND with 3: a header that is not permissive makes the file non-permissive, a
   permissive one
   never overrules the folder, and stands alone where no folder has a licence file.
3. The licence files of every folder above the file, joined by AND.
4. The nearest manifest that declares a licence, if 2 and 3 found nothing.
5. The repository's metadata, if 4 found nothing too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from .directories import FolderLicense, LicenseFile, folder_licenses, read_license_files
from .evidence import SIDECAR_SUFFIX, is_manifest, is_reuse_file, is_sidecar, split
from .expressions import conjunction, license_ids, parse
from .headers import header_license, spdx_statement
from .manifests import declared_license, manifest_expression
from .matcher import LicenseMatch, LicenseMatcher
from .profiles import WIDEST_PROFILE, is_permissive
from .reuse import ReuseRule, reuse_rules
from .wording import decode

VerdictStatus = Literal["clear", "unclear", "conflict", "none"]
VerdictSource = Literal["spdx_tag", "reuse", "header", "dir_file", "manifest", "repo_metadata", "none"]
LicenseType = Literal["permissive", "non_permissive", "no_license"]


@dataclass(frozen=True)
class LicenseVerdict:
    """What licence a file stands under, and why.

    Attributes:
        expression: Canonical SPDX expression of what was recognised, or None.
        status: "clear"; "unclear" if something could not be read or explained; "conflict" if the file's own
            statement and its folder (or a tag and the comments beside it) disagree whether it is permissive
            under the widest profile; "none" if nothing says anything.
        source: The evidence that decided.
        path: Path of the file that holds this evidence (the file itself for a tag or a header), or None.
        detected: All licence ids seen for this file, whether they decided or not, sorted.
        text_ids: Ids of the licence texts of the folders above the file, sorted.
    """

    expression: str | None
    status: VerdictStatus
    source: VerdictSource
    path: bytes | None
    detected: tuple[str, ...] = ()
    text_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class LicenseText:
    """A row of the `licenses/` table: one distinct licence text.

    Attributes:
        id: SHA-256 (hex) of the text's UTF-8 bytes.
        text: The text as it was read.
        expression: Canonical SPDX expression of what was recognised in it, or None.
        matcher: How it was recognised, see `LicenseMatch.matcher`.
        coverage: Share of its words that are explained, in [0, 1].
    """

    id: str
    text: str
    expression: str | None
    matcher: str
    coverage: float


@dataclass(frozen=True)
class _Statement:
    """What one place states: an expression, or None where it states something that nobody can read."""

    expression: str | None
    source: VerdictSource
    path: bytes | None


@dataclass(frozen=True)
class RepositoryLicenses:
    """The licence evidence of one commit. Picklable; make it with `build`.

    Attributes:
        texts: The distinct licence texts of the commit, in id order.
    """

    texts: tuple[LicenseText, ...]
    _folders: Mapping[bytes, FolderLicense]
    _manifests: Mapping[bytes, _Statement]
    _sidecars: Mapping[bytes, str]
    _rules: tuple[ReuseRule, ...]
    _metadata: str | None
    _matcher: LicenseMatcher = field(repr=False, compare=False)

    @classmethod
    def build(
        cls,
        evidence: Mapping[bytes, bytes | str | None],
        *,
        spdx_id: str | None,
        matcher: LicenseMatcher,
    ) -> RepositoryLicenses:
        """Read the evidence of one commit.

        Args:
            evidence: Path -> content of the tree entries for which `is_evidence` holds; others are ignored.
                None is a file that could not be read: a licence file then makes its folder unclear.
            spdx_id: The licence that the repository's metadata gives (GitHub's `license.spdx_id`), if any.
            matcher: Names the licence texts and headers.
        """
        paths = sorted(evidence)
        contents = {path: decode(evidence[path]) for path in paths}
        files = read_license_files(contents, matcher=matcher)
        return cls(
            texts=_license_texts(files, contents),
            _folders=folder_licenses(files),
            _manifests=_declared(contents),
            _sidecars={
                path.removesuffix(SIDECAR_SUFFIX): spdx_statement(text or "") or ""
                for path, text in contents.items()
                if is_sidecar(path)
            },
            _rules=tuple(
                rule
                for path in paths
                if is_reuse_file(path)
                for rule in reuse_rules(path, contents[path] or "[")
            ),
            _metadata=spdx_id,
            _matcher=matcher,
        )

    def verdict(self, path: bytes, text: str | None) -> LicenseVerdict:
        """Return the verdict on the file at `path`.

        Args:
            path: Its path in the commit, without leading slash.
            text: Its decoded content, or None to go by its surroundings alone.
        """
        folder = self._folder(path)
        header = header_license(text, matcher=self._matcher) if text else None
        stated = self._stated(path, text)
        manifest, metadata = self._manifest(path), self._metadata_statement()
        seen = [stated, manifest, metadata]
        expressions = [place.expression for place in seen if place]
        expressions += [header.expression if header else None, folder.expression if folder else None]
        detected = _ids(expressions)
        text_ids = folder.text_ids if folder else ()
        if stated:
            decided = _decide_stated(stated, header)
        elif header or folder:
            decided = _decide_joined(path, header, folder)
        else:
            decided = _decide_declared(manifest or metadata)
        return LicenseVerdict(*decided, detected, text_ids)

    def _folder(self, path: bytes) -> FolderLicense | None:
        folder = split(path)[0]
        while folder not in self._folders:
            if not folder:
                return None
            folder = split(folder)[0]
        return self._folders[folder]

    def _stated(self, path: bytes, text: str | None) -> _Statement | None:
        """Return what SPDX tags and REUSE files state for a file, by REUSE's rules of precedence."""
        rules = self._rules_for(path)
        overriding = next((rule for rule in rules if rule.precedence == "override"), None)
        if overriding:
            return _Statement(parse(overriding.statement), "reuse", overriding.source)
        tag = spdx_statement(text) if text else None
        sidecar = self._sidecars.get(path)
        own = [(tag, "spdx_tag", path), (sidecar or None, "reuse", path + SIDECAR_SUFFIX)]
        places: list[tuple[str | None, str, bytes]] = [place for place in own if place[0] is not None]
        closest = [] if places else [rule for rule in rules if rule.precedence == "closest"][-1:]
        joined = [rule for rule in rules if rule.precedence == "aggregate"]
        places += [(rule.statement, "reuse", rule.source) for rule in (*closest, *joined)]
        if not places:
            return None
        parts = [parse(statement or "") for statement, _, _ in places]
        expression = None if None in parts else conjunction(part for part in parts if part)
        source: VerdictSource = "spdx_tag" if places[0][1] == "spdx_tag" else "reuse"
        return _Statement(expression, source, places[0][2])

    def _rules_for(self, path: bytes) -> list[ReuseRule]:
        """Return the last matching rule of each REUSE file, from the outermost folder inwards."""
        last: dict[bytes, ReuseRule] = {}
        for rule in self._rules:
            if rule.matches(path):
                last[rule.source] = rule
        return sorted(last.values(), key=lambda rule: (len(rule.folder), rule.source))

    def _manifest(self, path: bytes) -> _Statement | None:
        folder = split(path)[0]
        while folder not in self._manifests:
            if not folder:
                return None
            folder = split(folder)[0]
        return self._manifests[folder]

    def _metadata_statement(self) -> _Statement | None:
        given = (self._metadata or "").strip()
        if not given or given.upper() in {"NOASSERTION", "NONE", "OTHER"}:
            return None
        return _Statement(parse(given), "repo_metadata", None)


_Decided = tuple[str | None, VerdictStatus, VerdictSource, bytes | None]


def _permissive(expression: str | None) -> bool:
    return expression is not None and is_permissive(expression, profile=WIDEST_PROFILE)


def _decide_stated(stated: _Statement, header: LicenseMatch | None) -> _Decided:
    if stated.expression is None:
        return None, "unclear", stated.source, stated.path
    status: VerdictStatus = "clear"
    if _permissive(stated.expression) and header is not None:
        ids = set(license_ids(header.expression)) if header.expression else set()
        named = ids <= set(license_ids(stated.expression))
        if header.status == "unclear" or not (named or _permissive(header.expression)):
            status = "conflict"
    return stated.expression, status, stated.source, stated.path


def _decide_joined(path: bytes, header: LicenseMatch | None, folder: FolderLicense | None) -> _Decided:
    if folder is None:
        assert header is not None
        return header.expression, "unclear" if header.status == "unclear" else "clear", "header", path
    if header is None:
        return folder.expression, "clear" if folder.is_clear else "unclear", "dir_file", folder.path
    expression = conjunction(filter(None, (header.expression, folder.expression)))
    header_is_good = header.status == "clear" and _permissive(header.expression)
    folder_is_good = folder.is_clear and _permissive(folder.expression)
    source: VerdictSource = "header" if not header_is_good else "dir_file"
    status: VerdictStatus = "clear"
    if header.status == "unclear" or not folder.is_clear:
        status = "unclear"
    elif header_is_good != folder_is_good:
        status = "conflict"
    return expression, status, source, path if source == "header" else folder.path


def _decide_declared(place: _Statement | None) -> _Decided:
    if place is None:
        return None, "none", "none", None
    return place.expression, "clear" if place.expression else "unclear", place.source, place.path


def _ids(expressions: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({key for expression in expressions if expression for key in license_ids(expression)}))


def _license_texts(
    files: Iterable[LicenseFile], contents: Mapping[bytes, str | None]
) -> tuple[LicenseText, ...]:
    rows: dict[str, LicenseText] = {}
    for file in files:
        match, text = file.match, contents[file.path]
        if text is not None and match.text_id not in rows:
            rows[match.text_id] = LicenseText(
                match.text_id, text, match.expression, match.matcher, match.coverage
            )
    return tuple(rows[key] for key in sorted(rows))


def _declared(contents: Mapping[bytes, str | None]) -> dict[bytes, _Statement]:
    """Return folder -> what its manifests declare; several manifests of a folder all apply."""
    found: dict[bytes, list[tuple[str | None, bytes]]] = {}
    for path, text in contents.items():
        declared = declared_license(path, text) if text and is_manifest(path) else None
        if declared:
            found.setdefault(split(path)[0], []).append((manifest_expression(declared), path))
    statements = {}
    for folder, places in found.items():
        expressions = [expression for expression, _ in places]
        joined = None if None in expressions else conjunction(part for part in expressions if part)
        statements[folder] = _Statement(joined, "manifest", places[0][1])
    return statements


def license_type(verdict: LicenseVerdict, *, profile: str) -> LicenseType:
    """Return how a release with `profile` takes a file; unclear and conflict are "non_permissive".

    Raises:
        ValueError: If there is no such profile.

    Examples:
        >>> license_type(LicenseVerdict("MIT", "clear", "header", b"a.c"), profile="stack-v2")
        'permissive'
        >>> license_type(LicenseVerdict(None, "none", "none", None), profile="stack-v2")
        'no_license'
    """
    permissive = is_permissive(verdict.expression or "NONE", profile=profile)
    if verdict.status == "none":
        return "no_license"
    return "permissive" if verdict.status == "clear" and permissive else "non_permissive"
