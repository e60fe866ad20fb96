"""The files beside the repositories: a listing in GitHub's field names, opt-out rules and a recipe."""

from __future__ import annotations

import json
from typing import Any

from stack_pipeline.sample.families import GRIMSHAW_ID, donated_copy
from stack_pipeline.sample.git_objects import object_id
from stack_pipeline.sample.repository import SampleRepository

HOST = "github.com"
VISIT_DATE = "2023-09-01T00:00:00Z"

RECIPE = """# The recipe of the bundled sample: small limits and most rules on, so that each has its say.
[ingest]
max_file_bytes = 1048576

[optout]
rules = "optout.toml"

[select]
drop_vendored = true
drop_generated = true
drop_minified = true
max_size_bytes = 65536
"""


def listing_row(repository: SampleRepository, *, commit: str | None) -> dict[str, Any]:
    """Return a repository's row, with its folder's name as `path`."""
    owner = repository.full_name.partition("/")[0]
    license_ = repository.license_spdx_id
    return {
        "path": repository.folder,
        "host": HOST,
        "id": repository.id,
        "full_name": repository.full_name,
        "owner": {"id": repository.owner_id, "login": owner},
        "default_branch": repository.default_branch,
        "commit": commit,
        "fork": repository.parent is not None,
        "parent": _reference(repository.parent),
        "source": _reference(repository.source),
        "stargazers_count": repository.stars,
        "forks_count": repository.forks,
        "license": None if license_ is None else {"spdx_id": license_},
        "created_at": repository.created_at,
        "pushed_at": repository.pushed_at,
        "visit_date": VISIT_DATE,
        "archived": False,
        "private": repository.private,
        "previous_names": [
            {"full_name": name, "since": since, "until": until}
            for name, since, until in repository.previous_names
        ],
    }


def listing_text(rows: list[dict[str, Any]]) -> str:
    """Return the listing as JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)


def rules_text() -> str:
    """Return opt-out rules of every scope."""
    return f"""# Who asked to be left out of the sample.
[[rule]]
owner = "https://github.com/Grimshaw-Lab"
owner_id = {GRIMSHAW_ID}
id = "request-1"

[[rule]]
repository = "github.com/pia-lund/cookbook"
until = 2021-06-30
id = "request-2"

[[rule]]
repository = "github.com/openfield/ledger"
path = "docs/private/**"
id = "request-3"

[[rule]]
blob = "{object_id(b"blob", donated_copy().content)}"
id = "request-4"
"""


def _reference(named: tuple[int, str] | None) -> dict[str, Any] | None:
    return None if named is None else {"id": named[0], "full_name": named[1]}
