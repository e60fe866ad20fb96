"""Choose peers by their names, as an option of the command line gives them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar


class Named(Protocol):
    """Whatever has a name."""

    @property
    def name(self) -> str:
        """How it is called on the command line."""


T = TypeVar("T", bound=Named)


def chosen_peers(names: str, peers: Sequence[T]) -> tuple[T, ...]:
    """Return the peers of a comma-separated list, `all` or `none`.

    Raises:
        ValueError: If there is none of a name.
    """
    if names in ("all", "none"):
        return tuple(peers) if names == "all" else ()
    known = {peer.name: peer for peer in peers}
    wanted = [name.strip() for name in names.split(",")]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise ValueError(f"must be all, none or some of {', '.join(known)}, got {', '.join(unknown)}")
    return tuple(known[name] for name in wanted)


def peers_option(peers: Sequence[T]) -> Callable[[str], tuple[T, ...]]:
    """Return `chosen_peers` as the type of an option."""

    def chosen(names: str) -> tuple[T, ...]:
        try:
            return chosen_peers(names, peers)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return chosen
