"""The code by which the field's tools open a release; a test runs each block as it stands."""

from __future__ import annotations

from stack_pipeline.card.markdown import prose

_HOW = """
    `RELEASE` is the path of this folder or, for `datasets`, the name of the dataset on a hub. There is a
    configuration per language, named as its folder, and `default` for all of them."""

_BLOCKS = {
    "datasets": """
from datasets import load_dataset

rows = load_dataset("RELEASE", "LANGUAGE", split="train")
""",
    "DuckDB": """
import duckdb

rows = duckdb.sql("SELECT path, content FROM 'RELEASE/data/LANGUAGE/*.parquet'")
""",
    "Polars": """
import polars

rows = polars.scan_parquet("RELEASE/data/LANGUAGE/*.parquet").select("path", "content").collect()
""",
    "pandas": """
import pandas

rows = pandas.read_parquet("RELEASE/data/LANGUAGE", columns=["path", "content"])
""",
    "Croissant": """
import mlcroissant

rows = mlcroissant.Dataset(jsonld="RELEASE/croissant.json").records("LANGUAGE")
""",
}

ATTRIBUTION = '''```python
import duckdb

notices = duckdb.sql("""
    SELECT origin.repo_name, origin.path, origin.license_expression, license.text
    FROM (SELECT *, unnest(license_text_ids) AS id FROM 'RELEASE/origins/*.parquet') AS origin
    JOIN 'RELEASE/licenses/*.parquet' AS license USING (id)
""")
```'''
"""The query that finds the notices that belong to the published files."""


def loading_note(slug: str) -> str:
    """Return how to load the files of a language with each tool.

    Args:
        slug: Folder of the language.
    """
    blocks = (f"{name}:\n\n```python{code.replace('LANGUAGE', slug)}```" for name, code in _BLOCKS.items())
    return "\n\n".join([prose(_HOW), *blocks])
