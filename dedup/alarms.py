"""Raise the alarm before a near-deduplication wipes out a language, a source or a repository.

Two published runs lost 98.3 % and 99.9998 % of a set, because one chain or one shared template tied everything into one
cluster, and nobody looked. An alarm of level `stop` is such a result: somebody has to look at the evidence before anything
is removed. A `notice` is worth a look.

Everything counts distinct texts: byte-identical copies are left out before, they are never removed wrongly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

NOTICE = "notice"
STOP = "stop"


@dataclass(frozen=True)
class AlarmSettings:
    """From which figures on an alarm is raised.

    Args:
        group_files: Groups of fewer distinct texts raise none.
        group_notice: Share of a group, in [0, 1], above which its loss is a notice.
        group_stop: The same for a stop.
        never_stop: Kinds of group that raise notices only: a fork or a mirror rightly loses nearly everything.
        share_files: The shares below hold for inputs of this many distinct texts or more.
        cluster_notice_share: Share of all distinct texts, in [0, 1], above which a cluster is a notice.
        cluster_stop_share: The same for a stop.
        cluster_notice_files: Distinct texts above which a cluster is a notice, however large the input.
        cluster_stop_files: The same for a stop.
    """

    group_files: int = 100
    group_notice: float = 0.6
    group_stop: float = 0.9
    never_stop: tuple[str, ...] = ("repository",)
    share_files: int = 1_000
    cluster_notice_share: float = 0.05
    cluster_stop_share: float = 0.2
    cluster_notice_files: int = 1_000
    cluster_stop_files: int = 10_000


@dataclass(frozen=True)
class GroupCount:
    """What one group of texts loses.

    Args:
        kind: What the group is: `language`, `source`, `repository`.
        name: Its name; None where the texts have none.
        files: Distinct texts in the group.
        removed: How many of them are removed as near-duplicates.
    """

    kind: str
    name: str | None
    files: int
    removed: int


@dataclass(frozen=True)
class Alarm:
    """One result that somebody has to look at.

    Attributes:
        level: `notice` or `stop`.
        kind: `cluster`, or the kind of the group.
        subject: The id of the cluster or the name of the group, as it came: not safe for a terminal or a page.
        figures: Names and values that raised it.
        message: One line, with the subject as it came.
    """

    level: str
    kind: str
    subject: str
    figures: tuple[tuple[str, int | float], ...]
    message: str

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "level": self.level,
            "kind": self.kind,
            "subject": self.subject,
            "figures": dict(self.figures),
            "message": self.message,
        }


DEFAULT_ALARMS = AlarmSettings()
"""What the command and the pipeline use."""


def wipe_out_alarms(
    groups: Iterable[GroupCount],
    *,
    clusters: Iterable[tuple[str, int]],
    files: int,
    settings: AlarmSettings = DEFAULT_ALARMS,
) -> tuple[Alarm, ...]:
    """Return the alarms of a near-deduplication.

    Args:
        groups: The groups, of as many kinds as there are.
        clusters: Id and number of distinct texts of each cluster.
        files: Distinct texts of the whole input.
        settings: The limits.

    Returns:
        The alarms, those that stop first, then by kind, the largest first; independent of the order of arguments.

    Examples:
        >>> found = wipe_out_alarms([GroupCount("language", "HTML", 1_000, 983)], clusters=[("a.html", 984)], files=5_000)
        >>> [(alarm.level, alarm.kind, alarm.message) for alarm in found][0]
        ('stop', 'language', 'language HTML loses 98.30 % of its 1,000 files as near-duplicates')
        >>> [(alarm.level, alarm.kind) for alarm in found]
        [('stop', 'language'), ('notice', 'cluster')]
    """
    found = [_of_group(group, settings) for group in groups]
    found += [_of_cluster(cluster, size, files, settings) for cluster, size in clusters]
    return tuple(sorted((alarm for alarm in found if alarm is not None), key=_place))


def _place(alarm: Alarm) -> tuple[bool, bool, str, float, str]:
    figures = dict(alarm.figures)
    size = figures["share"] if alarm.kind != "cluster" else figures["files"]
    return alarm.level != STOP, alarm.kind == "cluster", alarm.kind, -size, alarm.subject


def _of_group(group: GroupCount, settings: AlarmSettings) -> Alarm | None:
    if group.files < max(1, settings.group_files):
        return None
    share = group.removed / group.files
    may_stop = group.kind not in settings.never_stop
    level = _level(share > settings.group_notice, may_stop and share > settings.group_stop)
    if level is None:
        return None
    name = "unknown" if group.name is None else group.name
    figures = (("files", group.files), ("removed", group.removed), ("share", round(share, 6)))
    message = f"{group.kind} {name} loses {share_text(share)} of its {group.files:,} files as near-duplicates"
    return Alarm(level, group.kind, name, figures, message)


def _of_cluster(cluster: str, size: int, files: int, settings: AlarmSettings) -> Alarm | None:
    share = size / files if files else 0.0
    shares_count = files >= settings.share_files
    level = _level(
        size > settings.cluster_notice_files or (shares_count and share > settings.cluster_notice_share),
        size > settings.cluster_stop_files or (shares_count and share > settings.cluster_stop_share),
    )
    if level is None:
        return None
    figures = (("files", size), ("of_files", files), ("share", round(share, 6)))
    message = f"one cluster ties {size:,} of {files:,} files together ({share_text(share)}): {cluster}"
    return Alarm(level, "cluster", cluster, figures, message)


def _level(is_notice: bool, is_stop: bool) -> str | None:
    return STOP if is_stop else NOTICE if is_notice else None


def share_text(share: float) -> str:
    """Return a share in per cent, cut so that a loss of almost everything is not shown as everything.

    Examples:
        >>> share_text(0.983), share_text(0.999998), share_text(1.0)
        ('98.30 %', '99.9998 %', '100 %')
    """
    if share in (0.0, 1.0):
        return f"{share:.0%}".replace("%", " %")
    for digits in (2, 4, 6):
        text = f"{100 * share:.{digits}f}"
        if float(text) not in (0.0, 100.0):
            return f"{text} %"
    return f"{100 * share:.8f} %"
