"""Score finds against labelled text.

A find is right by the strict rule if it overlaps a reference by more than four fifths of both, as StarCoder counts
(Li et al., "StarCoder: may the source be with you!", section on personal data), but a reference counts once however
many finds match it. By the lenient rule any overlap is enough. Keys and passwords are one kind here, SECRET, because
most tools do not tell them apart. A find that is wrong and touches a don't-care place counts nowhere.

The policy `redact` judges what a redactor must change: private addresses and well-known resolvers leave both the
references and the finds, and example mailboxes become don't-care places.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

POLICIES = ("detect", "redact")
RULES = ("strict", "lenient")
SECRET = "SECRET"

#: The kind under which each label is scored.
SCORED_AS: Mapping[str, str] = {
    "EMAIL": "EMAIL",
    "IP_ADDRESS": "IP_ADDRESS",
    "KEY": SECRET,
    "PASSWORD": SECRET,
    SECRET: SECRET,
    "NAME": "NAME",
    "USERNAME": "USERNAME",
}

#: Resolvers that everybody uses and nobody is known by.
RESOLVERS = frozenset(
    (
        *("1.0.0.1", "1.1.1.1", "8.8.4.4", "8.8.8.8", "8.20.247.20", "8.26.56.26", "9.9.9.9", "76.76.19.19"),
        *("76.223.122.150", "94.140.14.14", "94.140.15.15", "149.112.112.112"),
        *("208.67.220.220", "208.67.222.222"),
    )
)

_SPARED_ADDRESSES = frozenset(("private", "dns"))
_SHARE = 0.8

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reference:
    """What must be found: a place, its label and class, and other extents that are as good."""

    start: int
    end: int
    label: str
    sub: str = "-"
    others: tuple[Range, ...] = ()

    @property
    def extents(self) -> tuple[Range, ...]:
        """All extents that count as this reference."""
        return ((self.start, self.end), *self.others)


@dataclass(frozen=True, slots=True)
class Item:
    """A labelled text.

    Attributes:
        id: Name of the item in its set.
        group: Its class.
        text: What is searched; positions count characters.
        references: What must be found.
        ignored: Places where a find is neither right nor wrong.
        negatives: Places that the set's authors looked at and call no find.
        kinds: The labels that are complete here; others are not judged.
        weight: How many natural places it stands for.
        suffix: Ending of the file's name, with its dot.
    """

    id: str
    group: str
    text: str
    references: tuple[Reference, ...]
    ignored: tuple[Range, ...] = ()
    negatives: tuple[Range, ...] = ()
    kinds: tuple[str, ...] = ("EMAIL", "IP_ADDRESS", "KEY", "PASSWORD")
    weight: float = 1.0
    suffix: str = ".txt"


@dataclass(frozen=True, slots=True)
class Found:
    """A find of any tool; `detector` says which rule made it, empty if the tool does not tell."""

    start: int
    end: int
    label: str
    detector: str = ""


@dataclass
class Tally:
    """Counts of one kind under one rule.

    Attributes:
        right: References that were found.
        missed: References that were not.
        wrong: False finds by where they lie: `part` of a reference, on a `labelled` negative, or `elsewhere`.
        by_class: References found and references, by label and by `label/class`.
        by_detector: False finds by the detector that made them.
        weighted: Right, missed and wrong, each item counted by its weight.
    """

    right: int = 0
    missed: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    by_class: dict[str, tuple[int, int]] = field(default_factory=dict)
    by_detector: Counter[str] = field(default_factory=Counter)
    weighted: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    @property
    def measures(self) -> Measures:
        """Precision, recall and F1."""
        return Measures.of(self.right, self.wrong.total(), self.missed)

    @property
    def weighted_measures(self) -> Measures:
        """The same, weighted: an estimate for natural text."""
        return Measures.of(self.weighted["right"], self.weighted["wrong"], self.weighted["missed"])


@dataclass(frozen=True, slots=True)
class Measures:
    """Precision, recall and F1; what has nothing to divide by is 0."""

    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, right: float, wrong: float, missed: float) -> Measures:
        """Compute them from counts."""
        precision = right / (right + wrong) if right + wrong else 0.0
        recall = right / (right + missed) if right + missed else 0.0
        total = precision + recall
        return cls(precision, recall, 2 * precision * recall / total if total else 0.0)


#: Tallies by kind and rule.
Score = dict[tuple[str, str], Tally]


def score(items: Iterable[Item], finds: Mapping[str, Sequence[Found]], *, policy: str = "detect") -> Score:
    """Score the finds of a tool on a set; an item without finds counts as one where nothing was found.

    Raises:
        ValueError: If the policy is unknown.
    """
    if policy not in POLICIES:
        raise ValueError(f"policy must be one of {', '.join(POLICIES)}; got {policy!r}")
    result: Score = {}
    for item in items:
        for kind in sorted({SCORED_AS[label] for label in item.kinds}):
            task = _task(item, finds.get(item.id, ()), kind, policy)
            for rule in RULES:
                _count(task, rule, result.setdefault((kind, rule), Tally()))
    return result


def overlap(one: Range, other: Range) -> int:
    """Return how many positions two ranges share."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def matches(found: Range, reference: Range, rule: str) -> bool:
    """Say whether a find hits a reference by the rule.

    Examples:
        >>> matches((0, 8), (0, 10), "strict"), matches((0, 9), (0, 10), "strict"), matches((9, 12), (0, 10), "lenient")
        (False, True, True)
    """
    shared = overlap(found, reference)
    if rule == "lenient":
        return shared > 0
    return all(shared > _SHARE * (end - start) for start, end in (found, reference))


@dataclass(frozen=True)
class _Task:
    """One kind of one item under a policy."""

    references: list[Reference]
    found: dict[Range, str]
    ignored: list[Range]
    negatives: tuple[Range, ...]
    weight: float


def _task(item: Item, finds: Iterable[Found], kind: str, policy: str) -> _Task:
    references = [reference for reference in item.references if SCORED_AS[reference.label] == kind]
    found: dict[Range, str] = {}
    for find in finds:
        if SCORED_AS.get(find.label) == kind and find.end > find.start:
            found.setdefault((find.start, find.end), find.detector)
    ignored = list(item.ignored)
    if policy == "redact" and kind == "IP_ADDRESS":
        references = [reference for reference in references if reference.sub not in _SPARED_ADDRESSES]
        found = {place: by for place, by in found.items() if not is_spared(item.text[slice(*place)])}
    if policy == "redact" and kind == "EMAIL":
        ignored += [(r.start, r.end) for r in references if r.sub == "example"]
        references = [reference for reference in references if reference.sub != "example"]
    return _Task(references, found, ignored, item.negatives, item.weight)


def is_spared(address: str) -> bool:
    """Say whether a redactor leaves an address: it is private, reserved, or a resolver of everybody's.

    Examples:
        >>> is_spared("10.1.2.3/8"), is_spared("8.8.8.8"), is_spared("52.1.2.3"), is_spared("1.2.3")
        (True, True, False, False)
    """
    try:
        parsed = ip_address(address.split("%")[0].split("/")[0])
    except ValueError:
        return False
    return parsed.is_private or address in RESOLVERS


def _count(task: _Task, rule: str, tally: Tally) -> None:
    matching = set()
    for reference in task.references:
        hits = {p for p in task.found for extent in reference.extents if matches(p, extent, rule)}
        matching |= hits
        for name in (reference.label, f"{reference.label}/{reference.sub}"):
            found, all_ = tally.by_class.get(name, (0, 0))
            tally.by_class[name] = (found + bool(hits), all_ + 1)
        tally.right += bool(hits)
        tally.missed += not hits
        tally.weighted["right" if hits else "missed"] += task.weight
    for place, where in _wrong(task, matching, rule):
        tally.wrong[where] += 1
        tally.by_detector[task.found[place]] += 1
        tally.weighted["wrong"] += task.weight


def _wrong(task: _Task, matching: set[Range], rule: str) -> Iterator[tuple[Range, str]]:
    """Yield the finds that match nothing and touch no don't-care place, and where they lie."""
    for place in sorted(task.found.keys() - matching):
        if any(overlap(place, other) for other in task.ignored):
            continue
        if rule == "strict" and any(overlap(place, (r.start, r.end)) for r in task.references):
            yield place, "part"
        elif any(overlap(place, other) for other in task.negatives):
            yield place, "labelled"
        else:
            yield place, "elsewhere"
