"""What a release says of origins: their licence type, and why they are out. Each distinct case is judged once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optout import Rules, path_rules_for
from stack_pipeline.licenses import stored_license_type
from stack_pipeline.opt_outs import repository_facts
from stack_pipeline.reasons import READ_BUT_NOT_STORED, Reason
from stack_pipeline.recipe import Recipe
from stack_pipeline.selection.origin_rules import failed_rules
from stack_pipeline.tables.columns import distinct_rows, with_columns


def judge(origins: pa.Table, commits: pa.Table, *, recipe: Recipe, rules: Rules) -> pa.Table:
    """Return origins with `license_type`, `drop_reason` and `drop_rule`; the last two are null for those that pass.

    An opt-out comes before what ingest found, and that before the rules on origins.

    Args:
        origins: Rows of `ORIGINS` with `place`, the place of their commit in `commits`.
        commits: Rows of the view that speak for commits.
        recipe: The recipe.
        rules: The opt-out rules.
    """
    stars = commits["stars"].take(origins["place"])
    types = license_types(origins, profile=recipe.licenses.profile)
    origins = with_columns(origins, license_type=types)
    failed = failed_rules(with_columns(origins, stars=stars), recipe)
    found = pc.if_else(are_read(origins), None, origins["reason"])
    opted_out = opted_out_by(origins, commits, rules)
    reasons = (pc.if_else(pc.is_valid(opted_out), str(Reason.OPTED_OUT), None), found, failed["reason"])
    names = (opted_out, pc.if_else(pc.is_valid(found), "ingest", None), failed["name"])
    return with_columns(origins, drop_reason=pc.coalesce(*reasons), drop_rule=pc.coalesce(*names))


def are_read(origins: pa.Table) -> pa.ChunkedArray:
    """Return whether the text of each origin was read, be it stored or not."""
    read = pa.array(sorted(READ_BUT_NOT_STORED), pa.string())
    return pc.or_(pc.is_null(origins["reason"]), pc.is_in(origins["reason"], value_set=read))


def license_types(origins: pa.Table, *, profile: str) -> pa.ChunkedArray:
    """Return the licence type of each stored verdict, as `stored_license_type` does.

    It depends on the status and the expression of a verdict, not on where it was found.
    """
    places, numbers = distinct_rows(origins.select(["license_status", "license_expression"]))
    types = [stored_license_type(row, profile=profile) for row in origins.take(places).to_pylist()]
    return pa.chunked_array([types], pa.string()).take(numbers)


def opted_out_by(origins: pa.Table, commits: pa.Table, rules: Rules) -> pa.ChunkedArray:
    """Return which scope of the opt-out rules covers each origin of repositories that stay: blob, path, or null."""
    blobs = pa.array(list(rules.index.by_blob), pa.string())
    by_blob = pc.is_in(pc.utf8_lower(origins["content_id"]), value_set=blobs)
    by_path = np.zeros(len(origins), dtype=bool)
    if rules.counts()["path"]:
        places, numbers = distinct_rows(origins.select(["repository"]))
        repositories = commits.take(origins["place"].take(places)).to_pylist()
        for number, repository in enumerate(repositories):
            paths = path_rules_for(rules, repository_facts(repository))
            if paths is not None:
                mine = np.flatnonzero(numbers == number)
                matches = map(paths.match, origins["path_bytes"].take(mine).to_pylist())
                by_path[mine] = [index is not None for index in matches]
    return pc.if_else(by_blob, "blob", pc.if_else(pa.array(by_path), "path", None))
