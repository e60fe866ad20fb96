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

def without_license_headers(texts: Any) -> Any:
    """Return texts without the leading comments that are about licence or copyright, whatever their language.

    A first line `#!…`, a line that names the encoding, and `<?…` lines stay. Comments count as long as each of them
    speaks of a licence, and only white space lies between; at most 16 KiB are looked at.

    Args:
        texts: Array of texts; any bytes are taken.

    Returns:
        `pyarrow.LargeBinaryArray`; null for a null.
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

def cpu_paths() -> list[str]:
    """Return the instruction sets that kernels are compiled for and this machine has, slowest first.

    Of `portable`, `avx2` and `avx512`; the last one is taken. Results are equal on all of them.
    """

def minhash(
    texts: Any,
    multiply: Any,
    add: Any,
    *,
    rows: Any = None,
    shingle_hash: str = "tokens",
    ngram: int = 5,
    min_tokens: int = 0,
    threads: int = 1,
    cpu_path: str | None = None,
) -> Any:
    """Return the MinHash signature of each text.

    A slot is the least of `(multiply * fmix32(h) + add) % 2**32` over the hashes h of the shingles if the
    factors are uint32, of `(multiply * h + add) % 2**64 % (2**61 - 1) % 2**32` if they are uint64.

    Args:
        texts: Array of texts; any bytes are taken.
        multiply: Array of uint32 or uint64: a factor per slot.
        add: Array of the same type and length: a summand per slot.
        rows: Array of uint32: which texts to sign, in which order; all by default.
        shingle_hash: `tokens` (`dedup.hash32` of the shingle), `sha1` (the first four bytes of its SHA-1) or
            `sha1-literal` (the same, of the n-grams of all that lies between two characters other than
            `[A-Za-z0-9_]`, empty tokens included).
        ngram: Tokens per shingle, in [1, 64].
        min_tokens: Texts of fewer tokens are taken as if they had no shingles.
        threads: Threads to run on, in [1, 256].
        cpu_path: One of `cpu_paths()`; the last by default.

    Returns:
        `pyarrow.UInt32Array` of as many values per text as there are factors; 2**32 - 1 throughout for a text
        without shingles or a null.

    Raises:
        ValueError: If a row number is not below `len(texts)`, or factors and summands differ in length.
    """

def band_keys(signatures: Any, *, num_perm: int, bands: int, rows: int, threads: int = 1) -> Any:
    """Return a 64-bit hash of each band of each signature.

    Args:
        signatures: Array of uint32, `num_perm` values per signature.
        num_perm: Slots per signature.
        bands: Slices of a signature.
        rows: Slots per slice; `bands * rows` must not exceed `num_perm`.
        threads: Threads to run on, in [1, 256].

    Returns:
        `pyarrow.UInt64Array`: the keys of the first band for all signatures, then those of the second, ...;
        0 for a signature without shingles, and nowhere else.
    """

def gate_pairs(signatures: Any, pairs: Any, *, num_perm: int, least_equal: int, threads: int = 1) -> Any:
    """Return the pairs whose signatures are equal in at least `least_equal` slots, in the order given.

    Args:
        signatures: Array of uint32, `num_perm` values per signature.
        pairs: Array of uint64, `left << 32 | right`, numbers of signatures, left < right.
        num_perm: Slots per signature.
        least_equal: Slots, in [0, num_perm].
        threads: Threads to run on, in [1, 256].

    Raises:
        ValueError: If a pair is none, or names a signature that is not there.
    """

def bucket_members(keys: Any, *, threads: int = 1) -> Any:
    """Return for each place that shares its key with another: the upper half of the key, and below it the place.

    Keys whose upper halves agree count as equal.

    Args:
        keys: Array of uint64: a key per place; 0 is none.
        threads: Threads to run on, in [1, 256].

    Returns:
        `pyarrow.UInt64Array`, ascending.
    """

def distinct_pairs(pairs: Any, *, threads: int = 1) -> Any:
    """Return pairs in ascending order, each once.

    Args:
        pairs: Array of uint64, `left << 32 | right`.
        threads: Threads to run on, in [1, 256].

    Returns:
        `pyarrow.UInt64Array`.
    """

def part_roots(pairs: Any, *, texts: int) -> Any:
    """Return for each pair the least place of the part that it connects with other pairs.

    Args:
        pairs: Array of uint64, `left << 32 | right`, left < right.
        texts: Number of places.

    Returns:
        `pyarrow.UInt32Array`.

    Raises:
        ValueError: If a pair is none, or names a place that is not there.
    """

def content_keys(contents: Any, *, threads: int = 1) -> Any:
    """Return keys by which identical contents are found: equal in this process for equal bytes only.

    Keys of the hash are drawn at random once a process: nobody can prepare contents that collide.

    Returns:
        `pyarrow.RecordBatch` of the uint64 columns `first` and `second`; null for a null.
    """

def cluster_pairs(
    texts: Any,
    rows: Any,
    pairs: Any,
    *,
    threshold: float,
    clusters: str = "star",
    measure: str = "jaccard",
    ngram: int = 5,
    known_pairs: Any = None,
    known_similarity: Any = None,
    threads: int = 1,
) -> tuple[list[Any], int]:
    """Decide pairs of texts by exact similarity, connected part by connected part.

    Args:
        texts: Array of texts; any bytes are taken.
        rows: Array of uint32: place i, i-th in rank order, is `texts[rows[i]]`.
        pairs: Array of uint64 in ascending order: `left << 32 | right`, places, left < right.
        threshold: Least similarity.
        clusters: `star` (texts are visited in rank order, and each that is still there takes those that are
            similar to it) or `components` (pairs that are similar connect, the best-ranked text stays).
        measure: `jaccard`, or `containment`: shared shingles by those of the text that goes (of components,
            of the smaller one).
        ngram: Tokens per shingle, in [1, 64].
        known_pairs: Array of uint64 in ascending order: pairs that need not be compared.
        known_similarity: Array of float64, their similarity.
        threads: Threads to run on, in [1, 256].

    Returns:
        Three batches and the number of bytes of text that were read: (`member`, `representative`,
        `similarity`) by representative; of components (`member`, `nearest`, `similarity`), by member; and the
        pairs that were compared, (`pair`, `similarity`), ascending.

    Raises:
        ValueError: If a row or a pair names what is not there, or pairs do not ascend.
    """

def exact_join(texts: Any, *, threshold: float, ngram: int = 5, threads: int = 1) -> Any:
    """Return all pairs of texts whose exact Jaccard similarity is `threshold` or more; nothing is sampled.

    Args:
        texts: Array of texts; any bytes are taken.
        threshold: Jaccard similarity, in (0, 1].
        ngram: Tokens per shingle, in [1, 64].
        threads: Threads to run on, in [1, 256].

    Returns:
        `pyarrow.RecordBatch` of `left`, `right` (uint32, left < right) and `similarity` (float64), sorted.

    Raises:
        ValueError: If a number is out of range or there are over 200 million pairs.
    """

def pii_find(
    text: str | bytes, *, kinds: list[str] | None = None, policy: str = "detect"
) -> list[tuple[int, int, str, str, float]]:
    """Find personal data and secrets in one text.

    Args:
        text: Any text or bytes.
        kinds: Kinds wanted; EMAIL, IP_ADDRESS, KEY and PASSWORD for None.
        policy: `detect` or `redact`.

    Returns:
        Start, end, kind, detector and confidence of disjoint finds in order; characters of a `str`, bytes of `bytes`.
    """

def pii_find_by_shape(text: str | bytes) -> list[tuple[int, int, str, str, float]]:
    """Find only values that are known by their own shape."""

def pii_find_in_array(
    texts: Any, *, kinds: list[str] | None = None, policy: str = "detect", threads: int = 1
) -> Any:
    """Find in all texts of an array.

    Returns:
        `pyarrow.RecordBatch` with a row per find: `row`, `start`, `end` (int64; bytes), `kind`, `detector` (string),
        `confidence` (float64).
    """

def pii_explain(
    text: str | bytes, *, kinds: list[str] | None = None, policy: str = "detect"
) -> tuple[list[tuple[int, int, str, str, float]], list[tuple[int, int, str, str | None]]]:
    """Find, and list every candidate: start, end, detector, and why it was left (None for a find)."""

def pii_redact(
    text: bytes,
    *,
    key: bytes | None = None,
    style: str = "placeholder",
    kinds: list[str] | None = None,
    policy: str = "redact",
    proposed: list[tuple[int, int, str]] | None = None,
) -> tuple[bytes, list[tuple[int, int, int, int, str, str, str | None]]] | None:
    """Replace personal data and secrets in one text.

    Args:
        text: Any bytes.
        key: Secret of the keyed hashes.
        style: `placeholder` or `synthetic`; without a key there are only placeholders.
        kinds: As in `pii_find`.
        policy: As in `pii_find`.
        proposed: Further places to replace: start, end, kind.

    Returns:
        None if nothing changes; else the text, and start and end in it, start and end in the original, kind, detector
        and keyed hash (hexadecimal; None without a key) of each replacement in order.

    Raises:
        ValueError: If a proposed place lies outside the text.
    """

def pii_redact_array(
    texts: Any,
    *,
    key: bytes | None = None,
    style: str = "placeholder",
    kinds: list[str] | None = None,
    policy: str = "redact",
    threads: int = 1,
) -> tuple[Any, Any]:
    """Replace in all texts of an array.

    Returns:
        `pyarrow.LargeBinaryArray`, null for a null, and a `pyarrow.RecordBatch` with a row per replacement: `row`,
        `start`, `end`, `original_start`, `original_end` (int64; bytes), `kind`, `detector`, `value_hash` (string).
    """

def pii_looks_random(value: bytes) -> bool:
    """Tell whether a value of 12 bytes or more looks drawn by a machine."""

def pii_rules() -> list[tuple[str, str, str, list[str], str, float, str, str]]:
    """Return the provider rules: id, service, form, keywords, pattern, entropy, example, source."""
