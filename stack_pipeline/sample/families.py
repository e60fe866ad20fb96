"""Families of repositories: forks under other licences, renamed ones, opted-out owners and their forks."""

from __future__ import annotations

from stack_pipeline.sample import planted
from stack_pipeline.sample.business_code import markdown_page
from stack_pipeline.sample.licensed import DONATED_GO
from stack_pipeline.sample.near_copies import chain
from stack_pipeline.sample.notices import license_file
from stack_pipeline.sample.python_code import record_module
from stack_pipeline.sample.repository import File, SampleRepository, source_file, with_fate
from stack_pipeline.sample.systems_code import c_module, go_module
from stack_pipeline.sample.vocabulary import things

GRIMSHAW_ID = 920


def family_repositories() -> tuple[SampleRepository, ...]:
    """Return the repositories in the order of their ids."""
    return (
        *_kvstores(),
        _renamed(),
        *_opted_out_owner(),
        *_forks_of_opted_out(),
        _opted_out_repository(),
        _private(),
    )


def _kvstores() -> tuple[SampleRepository, ...]:
    """Return a non-permissive repository, its permissive fork with the same blobs, and a fork of that."""
    all_ = things()
    shared = (
        *(source_file(f"src/{thing.name}.c", c_module(thing)) for thing in all_[:10]),
        *(source_file(f"docs/{thing.name}.md", markdown_page(thing)) for thing in all_[32:34]),
        source_file(
            "Makefile", "OBJECTS = $(patsubst src/%.c,build/%.o,$(wildcard src/*.c))\n\nkvstore: $(OBJECTS)\n"
        ),
    )
    bsd = license_file("BSD-3-Clause", holder="The Open Basalt Contributors", year=2022)
    changed = f"{c_module(all_[5])}\n/* The choir now lends scores to schools as well. */\n"
    copied = with_fate(tuple(file for file in shared if b"choir_score" not in file.path), "exact_duplicate")
    return (
        SampleRepository(
            full_name="basalt/kvstore",
            id=111,
            owner_id=911,
            note="source-available",
            stars=9000,
            forks=800,
            license_spdx_id="NOASSERTION",
            files=with_fate(
                (source_file("LICENSE.txt", license_file("SSPL-1.0")), *shared), "not_permissive"
            ),
        ),
        SampleRepository(
            full_name="openbasalt/kvstore",
            id=112,
            owner_id=912,
            note="a fork with the same blobs under BSD-3-Clause",
            stars=3000,
            forks=95,
            created_at="2022-03-28T08:00:00Z",
            license_spdx_id="BSD-3-Clause",
            parent=(111, "basalt/kvstore"),
            source=(111, "basalt/kvstore"),
            files=(source_file("LICENSE.txt", bsd), *shared),
        ),
        SampleRepository(
            full_name="mirrorworks/kvstore",
            id=113,
            owner_id=913,
            note="a fork of the fork, with one file changed",
            stars=12,
            created_at="2022-11-02T15:30:00Z",
            license_spdx_id="BSD-3-Clause",
            parent=(112, "openbasalt/kvstore"),
            source=(111, "basalt/kvstore"),
            files=(
                source_file("LICENSE.txt", bsd, "exact_duplicate"),
                *copied,
                source_file("src/choir_score.c", changed, "near_duplicate"),
                source_file("src/well_sample.c", c_module(all_[10])),
            ),
        ),
    )


def _renamed() -> SampleRepository:
    all_ = things()
    return SampleRepository(
        full_name="quill/tables",
        id=114,
        owner_id=914,
        note="renamed and moved to another owner",
        stars=300,
        forks=14,
        license_spdx_id="MIT",
        previous_names=(("inkwell/mdtables", "2017-03-01T00:00:00Z", "2020-09-15T00:00:00Z"),),
        files=(
            source_file("LICENSE", license_file("MIT", holder="Inkwell Press", year=2017), "near_duplicate"),
            source_file(
                "README.md", "# tables\n\nLays out tables in Markdown, one page for each kind of record.\n"
            ),
            *(source_file(f"pages/{thing.name}.md", markdown_page(thing)) for thing in all_[11:17]),
            *(source_file(f"tables/{thing.name}.py", record_module(thing)) for thing in all_[10:14]),
            source_file("tables/medians.py", chain("C")),
        ),
    )


def _billing_files() -> tuple[File, ...]:
    all_ = things()
    return (
        source_file("LICENSE", license_file("MIT", holder="The Billing Authors", year=2015)),
        *(source_file(f"billing/{thing.name}.py", record_module(thing)) for thing in all_[16:18]),
        *(
            source_file(f"billing/{thing.name}.go", go_module(thing, package="billing"))
            for thing in all_[12:15]
        ),
        source_file("docs/star_chart.md", markdown_page(all_[17])),
    )


def _opted_out_owner() -> tuple[SampleRepository, ...]:
    gateway = f'PASSWORD = "{planted.OPTED_OUT_PASSWORD}"\nCONTACT = "{planted.BILLING}"\n'
    notes = source_file("notes.md", "# Notes\n\nWhat we agreed on with the auditors in spring.\n")
    return (
        SampleRepository(
            full_name="grimshaw-lab/billing",
            id=115,
            owner_id=GRIMSHAW_ID,
            note="its owner opted out",
            stars=520,
            forks=2,
            license_spdx_id="MIT",
            files=with_fate((*_billing_files(), source_file("billing/gateway.py", gateway)), "opted_out"),
            fate="opted_out",
            opted_out_as="owner",
        ),
        SampleRepository(
            full_name="Grimshaw-Lab/notes",
            id=116,
            owner_id=GRIMSHAW_ID,
            note="its owner opted out, in another case",
            stars=3,
            license_spdx_id="MIT",
            files=with_fate((notes,), "opted_out"),
            fate="opted_out",
            opted_out_as="owner",
        ),
    )


def _forks_of_opted_out() -> tuple[SampleRepository, ...]:
    all_ = things()
    billing, almanac = (115, "grimshaw-lab/billing"), (190, "grimshaw-lab/almanac")
    license_, *code = _billing_files()
    return (
        SampleRepository(
            full_name="kestrel/billing",
            id=117,
            owner_id=917,
            note="an identical fork of an opted-out repository",
            license_spdx_id="MIT",
            fate="opted_out",
            opted_out_as="identical_fork",
            created_at="2021-05-01T10:00:00Z",
            pushed_at="2021-05-02T10:00:00Z",
            files=with_fate((license_, *code), "opted_out"),
            parent=billing,
            source=billing,
        ),
        SampleRepository(
            full_name="marlow/billing",
            id=118,
            owner_id=918,
            note="a divergent fork of an opted-out repository",
            stars=8,
            license_spdx_id="MIT",
            created_at="2021-07-01T10:00:00Z",
            files=(
                *with_fate((license_,), "near_duplicate"),
                *code,
                source_file("billing/vineyard_plot.py", record_module(all_[28])),
            ),
            parent=billing,
            source=billing,
        ),
        SampleRepository(
            full_name="tamsin/almanac",
            id=119,
            owner_id=919,
            note="a fork of an opted-out repository that nobody read",
            stars=27,
            license_spdx_id="MIT",
            created_at="2020-02-01T10:00:00Z",
            unchecked_fork=True,
            files=(
                source_file("LICENSE", license_file("MIT", holder="Almanac Makers"), "near_duplicate"),
                *(source_file(f"almanac/{thing.name}.py", record_module(thing)) for thing in all_[21:24]),
                source_file("docs/goat.md", markdown_page(all_[18])),
            ),
            parent=almanac,
            source=almanac,
        ),
    )


def _opted_out_repository() -> SampleRepository:
    all_ = things()
    files = (
        source_file("LICENSE", license_file("MIT", holder="Pia Lund", year=2019)),
        *(source_file(f"recipes/{thing.name}.py", record_module(thing)) for thing in all_[24:26]),
    )
    return SampleRepository(
        full_name="pia-lund/recipes",
        id=120,
        owner_id=921,
        note="opted out under a name that it no longer has",
        stars=61,
        license_spdx_id="MIT",
        previous_names=(("pia-lund/cookbook", "2017-03-01T00:00:00Z", "2021-01-10T00:00:00Z"),),
        fate="opted_out",
        opted_out_as="repository",
        files=with_fate(files, "opted_out"),
    )


def _private() -> SampleRepository:
    all_ = things()
    files = (
        source_file("LICENSE", license_file("MIT", holder="Sealed")),
        source_file("a.go", go_module(all_[20], package="a")),
    )
    return SampleRepository(
        full_name="sealed/internal",
        id=121,
        owner_id=922,
        note="marked private in the listing",
        license_spdx_id="MIT",
        private=True,
        fate="private_repository",
        files=with_fate(files, "private_repository"),
    )


def donated_copy() -> File:
    """Return the opted-out blob as it stands in a second repository."""
    return File(b"copies/donated.go", go_module(things()[DONATED_GO], package="queue").encode(), "opted_out")
