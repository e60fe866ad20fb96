"""Repositories that differ by licence: permissive, dual, copyleft, nested, declared elsewhere, and none."""

from __future__ import annotations

import json

from stack_pipeline.sample import planted
from stack_pipeline.sample.business_code import java_module, javascript_module, markdown_page, sql_module
from stack_pipeline.sample.near_copies import chain
from stack_pipeline.sample.notices import PROPRIETARY, gpl2_notice, license_file
from stack_pipeline.sample.python_code import record_module, test_module
from stack_pipeline.sample.repository import File, SampleRepository, source_file
from stack_pipeline.sample.systems_code import c_module, go_module, rust_module
from stack_pipeline.sample.vocabulary import things

DONATED_GO = 10
"""The thing whose Go file stands in two repositories and is opted out as a blob."""


def licensed_repositories() -> tuple[SampleRepository, ...]:
    """Return the repositories in the order of their ids."""
    return (
        *(_pathkit(), _ringlog(), _queue(), _widgets(), _ledger()),
        *(_shellbox(), _snippets(), _csv_lite(), _dotfiles()),
    )


def _pathkit() -> SampleRepository:
    all_ = things()
    records = [source_file(f"pathkit/{thing.name}.py", record_module(thing)) for thing in all_[1:10]]
    tests = [
        source_file(f"tests/test_{thing.name}.py", test_module(thing, package="pathkit"))
        for thing in all_[:6]
    ]
    berth = f"# Written by Tomasz Kowalczyk <{planted.TOMASZ}>\n{record_module(all_[0])}"
    return SampleRepository(
        full_name="northwind/pathkit",
        id=102,
        owner_id=902,
        note="MIT with files and folders that say otherwise",
        stars=3100,
        forks=120,
        license_spdx_id="MIT",
        files=(
            source_file("LICENSE", license_file("MIT", holder="Northwind Data", year=2016), "near_duplicate"),
            source_file(
                "README.md", "# pathkit\n\nReads, checks and sums up the records of a small harbour town.\n"
            ),
            source_file(
                "pyproject.toml", '[project]\nname = "pathkit"\nversion = "2.3.0"\nlicense = "MIT"\n'
            ),
            source_file("pathkit/__init__.py", "", "empty_file"),
            source_file("pathkit/berth.py", berth),
            *records,
            *tests,
            *(source_file(f"docs/{thing.name}.md", markdown_page(thing)) for thing in all_[:3]),
            source_file("tools/medians.py", chain("A")),
            *_pathkit_exceptions(),
        ),
    )


def _pathkit_exceptions() -> tuple[File, ...]:
    """Files of an MIT repository of which tags, headers and nested licences say something else."""
    all_ = things()
    gpl, apache, either, regions = (
        record_module(all_[30]),
        record_module(all_[31]),
        record_module(all_[32]),
        "code;name\n",
    )
    notice = gpl2_notice("#", program="Reads street lamps.")
    return (
        source_file(
            "pathkit/legacy/organ_pipe.py",
            f"# SPDX-License-Identifier: GPL-3.0-only\n{gpl}",
            "not_permissive",
        ),
        source_file("pathkit/extra/observation_hide.py", f"# SPDX-License-Identifier: Apache-2.0\n{apache}"),
        source_file(
            "pathkit/extra/battery_pack.py", f"# SPDX-License-Identifier: GPL-2.0-only OR MIT\n{either}"
        ),
        source_file(
            "pathkit/legacy/street_lamp.py", f"{notice}\n{record_module(all_[26])}", "not_permissive"
        ),
        source_file(
            "data/regions.csv", regions + "N;Nordmarken\nS;Sydlandet\nV;Västerhavet\n", "not_permissive"
        ),
        source_file("data/regions.csv.license", "SPDX-License-Identifier: CC-BY-SA-4.0\n", "not_permissive"),
        source_file("third_party/gridsort/COPYING", license_file("GPL-2.0-only"), "not_permissive"),
        source_file("third_party/gridsort/gridsort.c", c_module(all_[19]), "not_permissive"),
        source_file("third_party/gridsort/src/heap.c", c_module(all_[20]), "not_permissive"),
        source_file("components/tollgate/LICENSE.txt", PROPRIETARY, "not_permissive"),
        source_file("components/tollgate/level_crossing.py", record_module(all_[18]), "not_permissive"),
    )


def _ringlog() -> SampleRepository:
    all_ = things()
    cargo = (
        '[package]\nname = "ringlog"\nversion = "0.9.1"\nedition = "2021"\nlicense = "MIT OR Apache-2.0"\n'
    )
    lib = "//! Records of a harbour town, read from tab-separated lines.\n\n" + "".join(
        f"pub mod {thing.name};\n" for thing in all_[:9]
    )
    return SampleRepository(
        full_name="ferrous/ringlog",
        id=103,
        owner_id=903,
        note="dual-licensed: LICENSE-MIT and LICENSE-APACHE",
        stars=1850,
        forks=64,
        license_spdx_id="NOASSERTION",
        files=(
            source_file(
                "LICENSE-MIT", license_file("MIT", holder="The Ringlog Developers"), "near_duplicate"
            ),
            source_file("LICENSE-APACHE", license_file("Apache-2.0")),
            source_file("Cargo.toml", cargo),
            source_file("Cargo.lock", _CARGO_LOCK, "generated"),
            source_file("src/lib.rs", lib),
            *(source_file(f"src/{thing.name}.rs", rust_module(thing)) for thing in all_[:9]),
            *(source_file(f"docs/{thing.name}.md", markdown_page(thing)) for thing in all_[30:32]),
        ),
    )


_CARGO_LOCK = """# This file is automatically @generated by Cargo.
# It is not intended for manual editing.
version = 3

[[package]]
name = "ringlog"
version = "0.9.1"
"""


def _queue() -> SampleRepository:
    all_ = things()
    generated = "// Code generated by protoc-gen-go. DO NOT EDIT.\n// source: api/queue.proto\n\n"
    return SampleRepository(
        full_name="tidewater/queue",
        id=104,
        owner_id=904,
        note="BSD-3-Clause with vendored and generated code, and a blob that is opted out",
        stars=1400,
        forks=88,
        license_spdx_id="BSD-3-Clause",
        files=(
            source_file(
                "LICENSE",
                license_file("BSD-3-Clause", holder="Tidewater Software", year=2020),
                "near_duplicate",
            ),
            source_file(
                "go.mod", "module tidewater.dev/queue\n\ngo 1.20\n\nrequire tidewater.dev/slip v1.4.0\n"
            ),
            *(source_file(f"queue/{thing.name}.go", go_module(thing, package="queue")) for thing in all_[:8]),
            source_file("api/queue.proto", _PROTO),
            source_file("api/queue.pb.go", generated + go_module(all_[11], package="api"), "generated"),
            source_file("queue/donated.go", go_module(all_[DONATED_GO], package="queue"), "opted_out"),
            source_file("vendor/tidewater.dev/slip/slip.go", go_module(all_[8], package="slip"), "vendored"),
            source_file("vendor/tidewater.dev/slip/LICENSE", license_file("MIT", holder="Slip"), "vendored"),
            source_file(
                "vendor/modules.txt",
                "# tidewater.dev/slip v1.4.0\n## explicit\ntidewater.dev/slip\n",
                "vendored",
            ),
            *(source_file(f"docs/{thing.name}.md", markdown_page(thing)) for thing in all_[3:5]),
        ),
    )


_PROTO = """syntax = "proto3";

package tidewater.queue;

// A message that waits its turn.
message Ticket {
  int64 number = 1;
  string holder = 2;
  int64 arrived_unix = 3;
}
"""


def _widgets() -> SampleRepository:
    all_ = things()
    package = {
        "name": "widgets",
        "version": "4.1.0",
        "license": "MIT",
        "type": "module",
        "main": "src/index.js",
    }
    lock = {
        "name": "widgets",
        "version": "4.1.0",
        "lockfileVersion": 3,
        "requires": True,
        "packages": {"": package},
    }
    index = "".join(f"export * from './{thing.name}.js';\n" for thing in all_[:8])
    minified = "".join(line.strip() for line in javascript_module(all_[14]).splitlines()[2:])
    bundled = "".join(line.strip() for line in javascript_module(all_[15]).splitlines()[2:])
    return SampleRepository(
        full_name="lakeside/widgets",
        id=105,
        owner_id=905,
        note="MIT JavaScript with node_modules, a lock file and minified code",
        stars=900,
        forks=41,
        license_spdx_id="MIT",
        files=(
            source_file(
                "LICENSE", license_file("MIT", holder="Lakeside Studio", year=2021), "near_duplicate"
            ),
            source_file("package.json", json.dumps(package, indent=2) + "\n"),
            source_file("package-lock.json", json.dumps(lock, indent=2) + "\n", "generated"),
            source_file("src/index.js", index),
            *(source_file(f"src/{thing.name}.js", javascript_module(thing)) for thing in all_[:8]),
            source_file("node_modules/slipway/index.js", javascript_module(all_[8]), "vendored"),
            source_file(
                "node_modules/slipway/package.json", '{"name": "slipway", "license": "MIT"}\n', "vendored"
            ),
            source_file("lib/widgets.min.js", minified + "\n", "vendored"),
            source_file("assets/bundle.js", bundled + "\n", "minified"),
            source_file("scripts/medians.py", chain("B"), "near_duplicate"),
            *(source_file(f"docs/{thing.name}.md", markdown_page(thing)) for thing in all_[5:7]),
        ),
    )


def _ledger() -> SampleRepository:
    all_ = things()
    package = "org.openfield.ledger"
    folder = "src/main/java/org/openfield/ledger"
    return SampleRepository(
        full_name="openfield/ledger",
        id=106,
        owner_id=906,
        note="Apache-2.0 Java and SQL, with paths that are opted out",
        stars=760,
        forks=29,
        license_spdx_id="Apache-2.0",
        files=(
            source_file("LICENSE", license_file("Apache-2.0"), "exact_duplicate"),
            source_file("pom.xml", _POM),
            *(
                source_file(f"{folder}/{thing.pascal}.java", java_module(thing, package=package))
                for thing in all_[:9]
            ),
            *(source_file(f"schema/{thing.plural}.sql", sql_module(thing)) for thing in all_[:7]),
            *(source_file(f"docs/public/{thing.name}.md", markdown_page(thing)) for thing in all_[7:9]),
            *(
                source_file(f"docs/private/{thing.name}.md", markdown_page(thing), "opted_out")
                for thing in all_[9:11]
            ),
        ),
    )


_POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.openfield</groupId>
  <artifactId>ledger</artifactId>
  <version>1.2.0</version>
  <licenses><license><name>Apache-2.0</name></license></licenses>
</project>
"""


def _shellbox() -> SampleRepository:
    all_ = things()
    return SampleRepository(
        full_name="gnarl/shellbox",
        id=107,
        owner_id=907,
        note="copyleft throughout",
        stars=650,
        forks=77,
        license_spdx_id="GPL-3.0",
        files=(
            source_file("COPYING", license_file("GPL-3.0-only"), "not_permissive"),
            *(source_file(f"src/{thing.name}.c", c_module(thing), "not_permissive") for thing in all_[11:19]),
            source_file("doc/orchard_row.md", markdown_page(all_[35]), "not_permissive"),
        ),
    )


def _snippets() -> SampleRepository:
    all_ = things()
    return SampleRepository(
        full_name="driftwood/snippets",
        id=108,
        owner_id=908,
        note="no licence anywhere",
        stars=40,
        files=(
            source_file("README.md", "# snippets\n\nThings I keep looking up. No promises.\n", "no_license"),
            *(source_file(f"{thing.name}.py", record_module(thing), "no_license") for thing in all_[26:30]),
            source_file("notes/snow_plough.md", markdown_page(all_[36]), "no_license"),
        ),
    )


def _csv_lite() -> SampleRepository:
    all_ = things()
    package = {"name": "csv-lite", "version": "0.3.2", "license": "ISC", "main": "lib/index.js"}
    return SampleRepository(
        full_name="bramble/csv-lite",
        id=109,
        owner_id=909,
        note="the licence stands in the manifest only",
        stars=210,
        forks=6,
        files=(
            source_file("package.json", json.dumps(package, indent=4) + "\n"),
            *(source_file(f"lib/{thing.name}.js", javascript_module(thing)) for thing in all_[9:13]),
            source_file("notes/battery_pack.md", markdown_page(all_[34])),
        ),
    )


def _dotfiles() -> SampleRepository:
    all_ = things()
    return SampleRepository(
        full_name="thistle/dotfiles",
        id=110,
        owner_id=910,
        note="the licence stands in the listing only",
        stars=18,
        license_spdx_id="Unlicense",
        files=(
            source_file(
                "shell/aliases.sh", "alias berths='ls -la ~/berths'\nalias tides='curl -s tides.internal'\n"
            ),
            source_file("web/letterbox.js", javascript_module(all_[13])),
            *(source_file(f"notes/{thing.name}.md", markdown_page(thing)) for thing in all_[21:24]),
        ),
    )
