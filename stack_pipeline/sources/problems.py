"""Say why a repository cannot be read, and tell damaged data from a machine in trouble.

What lies in the data (a missing commit, an `alternates` file) is a `RepositoryUnreadable`, which becomes a
row with a reason. What lies in the machine (no memory, a failing disk, no `git`) is a `RunFailed`: a later
run may end otherwise.
"""

from __future__ import annotations

import errno

from stack_pipeline.errors import RunFailed
from stack_pipeline.reasons import Reason

_DATA_ERRNOS = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EISDIR, errno.ENXIO}
)
_PERMISSION_ERRNOS = frozenset({errno.EACCES, errno.EPERM})


class RepositoryUnreadable(Exception):
    """A repository that gives no row but its own.

    Args:
        reason: The reason that tables show.
        detail: One word that narrows it, such as "alternates" or "too_many_entries"; no content, no path.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[object, ...]:
        """Keep both parts when the error crosses a process boundary."""
        return (type(self), (self.reason, self.detail))


def unreadable(detail: str) -> RepositoryUnreadable:
    """Return the error of a repository that is there and cannot be read."""
    return RepositoryUnreadable(Reason.UNREADABLE_REPOSITORY, detail)


def judge(error: OSError) -> Exception | None:
    """Return what an error from the file system means.

    Returns:
        None if the file is not there (or is no plain file), `RepositoryUnreadable` if we may not read it, and
        `RunFailed` for everything else, which is the machine's.
    """
    if error.errno in _DATA_ERRNOS:
        return None
    if error.errno in _PERMISSION_ERRNOS:
        return unreadable("permission_denied")
    return RunFailed(
        f"a repository cannot be read: {error.strerror or 'input/output error'}",
        hint="check the disk and the memory of this machine, then run the same command again",
    )
