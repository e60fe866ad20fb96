"""The peers: which program runs each, in which environment, and which kinds it looks for."""

from __future__ import annotations

from dataclasses import dataclass

ADDRESSES = ("EMAIL", "IP_ADDRESS")
SECRETS = ("SECRET",)


@dataclass(frozen=True)
class Peer:
    """A peer.

    Attributes:
        name: How it is called on the command line and in the tables.
        program: Module in `benchmarks.pii.peers`.
        kinds: The scored kinds that it looks for.
        requirements: What pip installs in its environment, pinned; the first one is the peer itself.
        from_source: The requirements without a wheel, which are built.
        go_module: Instead: the Go program, with its version, that is built.
        note: What a reader of its results must know.
        speed_mb: How much text it is timed on, in MB of 10⁶ bytes; 0 is all.
    """

    name: str
    program: str
    kinds: tuple[str, ...]
    requirements: tuple[str, ...] = ()
    from_source: tuple[str, ...] = ()
    go_module: str = ""
    note: str = ""
    speed_mb: float = 0

    @property
    def version_text(self) -> str:
        """The peer's package and version."""
        if self.go_module:
            path, _, version = self.go_module.partition("@")
            return f"{path.split('/')[2]} {version.removeprefix('v')}"
        return self.requirements[0].replace("==", " ")


_DETECT_SECRETS = ("detect-secrets==1.5.0", "gibberish-detector==0.1.1")

PEERS = (
    Peer(
        "presidio",
        "presidio_recognizers",
        ADDRESSES,
        ("presidio-analyzer==2.2.366",),
        note="its e-mail and IP recognizers alone",
        speed_mb=20,
    ),
    Peer(
        "detect-secrets",
        "detect_secrets_scan",
        SECRETS,
        _DETECT_SECRETS,
        note="all plugins and default filters; a find is its value wherever it stands in the line",
        speed_mb=2,
    ),
    Peer(
        "gitleaks",
        "gitleaks_dir",
        SECRETS,
        go_module="github.com/zricethezav/gitleaks/v8@v8.30.1",
        note="its default rules; a find is its value wherever it stands in the lines",
        speed_mb=10,
    ),
    Peer(
        "kingfisher",
        "kingfisher_scanner",
        SECRETS,
        ("kingfisher-secret-scanner==1.5.0",),
        note="rules of medium confidence and better",
    ),
    Peer(
        "credsweeper",
        "credsweeper_scan",
        SECRETS,
        ("credsweeper==1.19.5",),
        from_source=("odfpy", "twofish"),
        note="with its model; made by the team that labelled CredData, so on `cred` an upper bound",
        speed_mb=5,
    ),
    Peer(
        "bigcode-rules",
        "bigcode_rules",
        (*ADDRESSES, *SECRETS),
        _DETECT_SECRETS,
        note="a baseline written here after SantaCoder's description, without its known mistakes",
        speed_mb=2,
    ),
)
