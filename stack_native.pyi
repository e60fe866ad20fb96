"""Kernels of stack-pipeline: Arrow arrays in, pyarrow objects out, the GIL released in between.

Every `texts` or `contents` is one array (not a chunked one) of type string, large_string, binary or
large_binary: a `pyarrow.Array`, or any object with `__arrow_c_array__`. Rows may be null. All functions
raise `ValueError` for another type or a value out of range; messages name rows, never contents. Results
depend neither on the number of threads nor on the CPU.
"""

from typing import Any

__version__: str

def line_statistics(texts: Any) -> Any:
    """Measure the lines of each text.

    Lines are those of `str.splitlines()`; lengths count code points without the line's end; a character is
    alphanumeric if `str.isalnum` of Python 3.11 (Unicode 14.0.0) says so.

    Args:
        texts: Array of UTF-8 texts; binary arrays are taken as UTF-8.

    Returns:
        `pyarrow.RecordBatch` with a row per text, null for a null: `line_count` (int64), `avg_line_length`
        (float64, mean characters per line), `max_line_length` (int64, characters) and `alphanum_fraction`
        (float64, share among all characters, ends of lines included). An empty text has 0, 0.0, 0, 0.0.

    Raises:
        ValueError: If a row is not UTF-8.
    """

def git_blob_ids(contents: Any) -> Any:
    """Return the git blob id (SHA-1 of `blob <length>`, a zero byte, and the content) of each content.

    Returns:
        `pyarrow.FixedSizeBinaryArray` of 20 bytes each; null for a null.
    """

def shingle_counts(texts: Any, *, ngram: int = 5) -> Any:
    """Count the tokens and the distinct shingles of each text.

    Tokens are the maximal runs of `[A-Za-z0-9_]` of the bytes, case kept; shingles are the n-grams of tokens.

    Args:
        texts: Array of texts; any bytes are taken.
        ngram: Tokens per shingle, in [1, 64].

    Returns:
        `pyarrow.RecordBatch` with the int64 columns `tokens` and `shingles`; null for a null.
    """

def exact_jaccard(texts: Any, left: Any, right: Any, *, ngram: int = 5, threads: int = 1) -> Any:
    """Return the exact Jaccard similarity of the shingle sets of pairs of texts.

    A text of fewer than `ngram` tokens, or a null, has no shingles and similarity 0.0 with everything. The
    set of each text that stands in a pair is built once and held during the call (16 bytes per distinct
    shingle, about 1.4 bytes per byte of source code). Shingles are compared by a 128-bit hash.

    Args:
        texts: Array of texts; any bytes are taken.
        left: Array of uint32 without nulls: row numbers in `texts`.
        right: The same, as long as `left`.
        ngram: Tokens per shingle, in [1, 64].
        threads: Threads to run on, in [1, 256].

    Returns:
        `pyarrow.DoubleArray`: |A ∩ B| / |A ∪ B| as float64, one value per pair.

    Raises:
        ValueError: If a row number is null or not below `len(texts)`, or the lengths differ.
    """
