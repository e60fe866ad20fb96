"""What a running job needs to know: where its folders are, its recipe, its key and its opt-out rules.

A job is a small picklable value; workers open storage, key and rules themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from stack_pipeline.canonical import digest_of
from stack_pipeline.keys import KeyRing, load_key
from stack_pipeline.recipe import Recipe
from stack_pipeline.storage import Storage

if TYPE_CHECKING:
    from optout import Rules


@dataclass(frozen=True)
class Job:
    """One ingest or one release.

    Args:
        kind: `ingest` or `release`.
        corpus: URL of the corpus.
        output: URL of the release, empty for an ingest.
        recipe: The whole recipe.
        rules_name: Name in the corpus of the copy of the opt-out rules.
        rules_digest: Keyed digest of the rules.
        key_id: The key that the corpus must have.
        snapshot: Number of the snapshot that an ingest writes; of a release, the newest it sees.
        sources: Repositories to ingest, as JSON-able values (see `stack_pipeline.sources`).
    """

    kind: str
    corpus: str
    output: str
    recipe: Recipe
    rules_name: str
    rules_digest: str
    key_id: str
    snapshot: int
    sources: tuple[Any, ...] = ()

    def storage(self, root: str) -> Storage:
        """Open `corpus`, `work` (inside the corpus) or `output`."""
        if root == "work":
            return Storage(f"{self.corpus.rstrip('/')}/work")
        return Storage({"corpus": self.corpus, "output": self.output}[root])

    def keys(self) -> KeyRing:
        """Return the key ring of the corpus, resolved in this process."""
        return _keys(self.corpus, self.key_id)

    def rules(self) -> Rules:
        """Return the parsed opt-out rules."""
        return _rules(self.corpus, self.rules_name)

    def recipe_slice(self, sections: tuple[str, ...]) -> dict[str, Any]:
        """Return the named sections as plain values; `optout` is the rules' digest."""
        values: dict[str, Any] = {}
        for name in sections:
            values[name] = self.rules_digest if name == "optout" else asdict(getattr(self.recipe, name))
        return values


@lru_cache(maxsize=8)
def _keys(corpus: str, key_id: str) -> KeyRing:
    ring = load_key(Storage(corpus))
    if ring.key_id != key_id:
        raise ValueError("the corpus has another key than the job was planned with")
    return ring


@lru_cache(maxsize=8)
def _rules(corpus: str, name: str) -> Rules:
    from optout import parse_rules

    return parse_rules(Storage(corpus).read_bytes(name).decode())


@dataclass(frozen=True)
class FileRef:
    """A file written by a task: what it holds, where it lies, and its digests."""

    kind: str
    root: str
    name: str
    rows: int
    size_bytes: int
    sha256: str
    logical: str


@dataclass(frozen=True)
class Task:
    """A piece of work, planned from references.

    Args:
        stage: Name of its stage.
        name: Readable name, unique in the stage, that sorts in the stage's order.
        params: Plain values that shape what it writes.
        inputs: Files it reads; their digests are part of its id.
        local: Plain values that shape nothing, such as where a repository lies on this machine.
    """

    stage: str
    name: str
    params: dict[str, Any]
    inputs: tuple[FileRef, ...] = ()
    local: tuple[tuple[str, Any], ...] = ()

    def files(self, kind: str) -> list[FileRef]:
        """Return the inputs of a kind, in order."""
        return [ref for ref in self.inputs if ref.kind == kind]


@dataclass(frozen=True)
class TaskRecord:
    """What a finished task left: outputs, account, small facts; and the process that did it and its CPU seconds."""

    task_id: str
    stage: str
    name: str
    outputs: tuple[FileRef, ...]
    account: dict[str, Any] | None
    facts: dict[str, Any]
    pid: int
    cpu_seconds: float = field(compare=False)

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> TaskRecord:
        """Read what `to_json` gave."""
        outputs = tuple(FileRef(**ref) for ref in value["outputs"])
        return cls(**{**value, "outputs": outputs})


@dataclass(frozen=True)
class Stage:
    """A named step of a job.

    Args:
        name: Verb phrase in snake case.
        version: Raised when what it writes changes.
        plan: Makes its tasks out of what the stages before it finished.
        run: Does one task; all it writes goes through the context.
        sections: Recipe sections that shape its outputs.
        versions: Names and versions of the rules inside it that shape its outputs.
    """

    name: str
    version: int
    plan: Callable[[Job, Any], list[Task]]
    run: Callable[[Any], None]
    sections: tuple[str, ...] = ()
    versions: Callable[[], dict[str, str]] | None = None


def task_id(job: Job, stage: Stage, task: Task) -> str:
    """Return the digest of all that shapes what a task writes: equal ids have equal outputs."""
    return digest_of(
        {
            "stage": [stage.name, stage.version],
            "versions": stage.versions() if stage.versions else {},
            "recipe": job.recipe_slice(stage.sections),
            "params": task.params,
            "name": task.name,
            "inputs": [[ref.kind, ref.name if ref.root != "work" else "", ref.sha256] for ref in task.inputs],
            "key": job.key_id,
        }
    )[:32]
