from __future__ import annotations

from pii import KINDS, find
from stack_pipeline.scanning.batches import batches_of_texts
from stack_pipeline.scanning.finding import Finding, NearMiss, ScanSettings, find_in_batch
from stack_pipeline.scanning.masking import Masks
from stack_pipeline.scanning.texts import Place, Text
from tests.stack_pipeline.scanning.planted import KINDS as PLANTED
from tests.stack_pipeline.scanning.planted import MAIL, PASSWORD, TEXT, leaked


def found(data: bytes, settings: ScanSettings | None = None) -> list[Finding | NearMiss]:
    (batch,) = batches_of_texts([(Place("a.py"), Text(data))])
    return list(find_in_batch(batch, settings or ScanSettings()))


def contexts(data: bytes, **settings: tuple[str, ...]) -> list[str]:
    return [each.context for each in found(data, ScanSettings(**settings)) if isinstance(each, Finding)]  # type: ignore[arg-type]


def test_masking_keeps_length_and_lines_and_no_value() -> None:
    data = TEXT.encode()
    masks = Masks(data, find(data, kinds=KINDS))
    masked = masks.masked(data, 0, len(data))
    assert len(masked) == len(data)
    assert masked.count(b"\n") == data.count(b"\n")
    assert leaked(masked) == []
    assert masked.startswith(b'import os\npassword = "*************"; login("*************")\n')


def test_a_context_holds_no_value_of_any_kind() -> None:
    shown = contexts(TEXT.encode())
    assert len(shown) == len(PLANTED)
    assert leaked("\n".join(shown)) == []
    assert shown[0] == 'password = "<PASSWORD>"; login("*************")'


def test_a_context_masks_what_was_not_asked_for() -> None:
    line = f'password = "{PASSWORD}" # {MAIL}'.encode()
    assert contexts(line, kinds=("EMAIL",)) == ['password = "*************" # <EMAIL>']
    assert contexts(line, kinds=("PASSWORD",)) == ['password = "<PASSWORD>" # ***********']


def test_a_copy_at_the_edge_of_the_context_is_not_cut_into_view() -> None:
    for gap in range(40):
        line = f'{PASSWORD}{"-" * gap}password = "{PASSWORD}"{"-" * gap}{PASSWORD}'.encode()
        for shown in contexts(line):
            assert "Tr0" not in shown
            assert "88x" not in shown


def test_a_context_is_one_line_and_short_however_long_the_line() -> None:
    data = b"x" * 100_000 + f" mail {MAIL} ".encode() + b"y" * 100_000
    (shown,) = contexts(data)
    assert len(shown) <= 2 * 32 + len("<EMAIL>")


def test_the_repr_of_a_find_holds_neither_value_nor_hash() -> None:
    (each,) = found(f"mail {MAIL}".encode(), ScanSettings(with_values=True))
    assert isinstance(each, Finding)
    assert each.value == MAIL
    assert leaked(repr(each)) == []
    assert each.hashed not in repr(each)


def test_near_misses_say_why() -> None:
    each = found(
        b"version 4.1.12.1\nlisten on the host 10.0.0.1\n", ScanSettings(policy="redact", explain=True)
    )
    assert [(miss.start.column, miss.reason) for miss in each if isinstance(miss, NearMiss)] == [
        (9, "a version or a section, by the words before it"),
        (20, "left by the policy"),
    ]
    assert len(each) == 2


def test_many_small_texts_and_nulls_keep_their_places() -> None:
    texts = [(Place(f"{n}.txt"), Text(f"{'x' * n} bob{n}@corp.io".encode())) for n in range(50)]
    (batch,) = batches_of_texts([*texts, (Place("none"), Text(b"")), (Place("z"), Text(b"a@corp.io"))])
    each = list(find_in_batch(batch, ScanSettings(threads=2)))
    assert [(e.place.path, e.start.column) for e in each] == [
        *((f"{n}.txt", n + 2) for n in range(50)),
        ("z", 1),
    ]


def test_a_large_text_is_a_batch_by_itself() -> None:
    large = b"x" * (9 << 20)
    texts = [
        (Place(name), Text(data)) for name, data in (("a", b"a"), ("b", large), ("c", b"c"), ("d", b"d"))
    ]
    assert [len(batch.texts) for batch in batches_of_texts(texts)] == [1, 1, 2]
