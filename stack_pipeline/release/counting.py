"""Account for the rows of a table."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from stack_pipeline.accounting import Account


def account_of_rows(unit: str, reasons: pa.ChunkedArray, sizes: pa.ChunkedArray) -> Account:
    """Count a row per unit: kept where it has no reason, else dropped by it.

    Args:
        unit: What a row is.
        reasons: Why each row is out, null for none.
        sizes: Bytes of each row; a null counts as 0.

    Examples:
        >>> rows = pa.table({"reason": ["size", None, "size"], "size": [5, 7, None]})
        >>> account_of_rows("blob", rows["reason"], rows["size"]).to_json()
        {'unit': 'blob', 'in': [3, 12], 'kept': [1, 7], 'dropped': {'size': [2, 5]}}
    """
    account = Account(unit)
    rows = pa.table({"reason": reasons, "size": pc.fill_null(sizes, 0)})
    sums = rows.group_by("reason", use_threads=False).aggregate([("size", "count"), ("size", "sum")])
    for row in sums.to_pylist():
        if row["reason"] is None:
            account.keep(row["size_count"], row["size_sum"])
        else:
            account.drop(row["reason"], row["size_count"], row["size_sum"])
    return account
