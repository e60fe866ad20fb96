"""What a reader must know before using a release: ids, licences, opt-outs, redaction, limits."""

from __future__ import annotations

from collections.abc import Iterator

from stack_pipeline.card.facts import ReleaseFacts
from stack_pipeline.card.loading import ATTRIBUTION
from stack_pipeline.card.markdown import code, count, number, prose
from stack_pipeline.reasons import Reason

PROFILE_NOTES = {
    "stack-v2": """
        The profile `stack-v2` takes for permissive what The Stack v2 took: the Blue Oak Council's list and
        ScanCode's categories "Permissive" and "Public Domain". Some of these are contentious, because they
        ask for more than a notice or restrict what the work may be used for: the Creative Commons
        Attribution licences (CC-BY), the JSON licence, the Vim licence and the LaTeX Project Public License
        (LPPL). Where that matters, filter by `license_expression`.""",
    "blueoak-bronze": """
        The profile `blueoak-bronze` takes for permissive what the Blue Oak Council rates Bronze or
        better.""",
    "attribution-free": """
        The profile `attribution-free` takes only public-domain dedications and licences that do not ask for a
        notice.""",
}
"""What each licence profile accepts, and what is contentious in it."""

STYLE_NOTES = {
    "synthetic": """
        recognisable stand-ins (an e-mail address at `redacted.example`, say), equal values
        to equal ones""",
    "placeholder": "`<EMAIL>`, `<IP_ADDRESS>`, `<KEY>` and `<PASSWORD>`",
}
"""What each redaction style puts in place of a value."""


def treatment(facts: ReleaseFacts) -> str:
    """Return what was done to the files, as the recipe has it."""
    steps = ["selected by licence", "freed of exact duplicates"]
    if facts.recipe["near_dedup"]["enabled"]:
        steps[-1] = "freed of exact and near duplicates"
    if facts.recipe["redact"]["enabled"]:
        steps.append("searched for personal data and secrets")
    return ", ".join(steps[:-1]) + " and " + steps[-1]


def warnings(facts: ReleaseFacts) -> Iterator[str]:
    """Yield what makes a release unfit for publication, most serious first; usually nothing."""
    if not facts.recipe["redact"]["enabled"]:
        yield prose("""
            Redaction was off: the texts hold whatever personal data and secrets their authors left in
            them.""")
    if facts.manifest["key"]["public"]:
        yield prose("""
            This release was made with the key that is printed in the program's own repository, as its demo
            is. Anyone can recompute its keyed ids, value hashes and stand-ins from a guess. Use it to look
            around; do not publish it.""")
    if facts.recipe["release"]["ids"] == "git":
        yield prose("""
            This release was made with `ids = "git"`, for internal use: redacted texts keep the Git ids of
            their originals, by which a reader can test guesses of what was masked (see *Ids*).""")


def ids_note(facts: ReleaseFacts) -> str:
    """Return what the ids of contents are and what they reveal."""
    if facts.recipe["release"]["ids"] == "git":
        return prose("""
            All ids are Git blob ids of the original bytes (`content_id_kind` is `git`), also of texts that
            were redacted, and `blob_id` is the SHA-1 of the original everywhere. That reveals what was
            masked to anyone who can guess it: put a guess in place of the stand-in, compute the id,
            compare. A public IPv4 address falls in minutes, and so does an e-mail address that stands in a
            list of known ones. It also links each text to its unredacted original wherever that is
            archived. Keep such a release inside.""")
    key_id = code(facts.manifest["key"]["id"])
    return prose(f"""
        A text that was published as it was found has its Git blob id (`content_id_kind` is `git`; `git
        hash-object` shows the same for the original file). A text in which something was replaced, and
        every content that is not published, has an id made with the corpus's key (`keyed`), and `blob_id` is
        null there: the id of an original would let a reader test guesses of what was masked. The same key
        gives the same keyed ids in later releases; the id of this one is {key_id}.""")


def license_note(facts: ReleaseFacts) -> str:
    """Return which licences are in, how to attribute, and what the verdicts cannot promise."""
    profile = facts.recipe["licenses"]["profile"]
    kept = prose("""
        Every file keeps its own licence; this collection adds none. A content is in if at least one place
        where it was found has a permissive licence by this profile and passes all other rules. `origins/`
        lists all such places that are not opted out, each with its own verdict and the evidence for it,
        also those that are not permissive; a training row has the verdict of its representative origin.

        Most permissive licences ask that their notice goes with the code. `origins/` and `licenses/` say
        whose code it is and hold the notices:""")
    doubt = prose("""
        Verdicts are made by rules from statements, headers, licence files and metadata. They are evidence,
        not legal advice, and cannot know whether somebody published code that was not theirs.""")
    profile_note = PROFILE_NOTES.get(profile, f"The licence profile is {code(profile)}.")
    return "\n\n".join([prose(profile_note), kept, ATTRIBUTION, doubt])


def opt_out_note(facts: ReleaseFacts) -> str:
    """Return how many opted out, in counts only, and how to ask."""
    repositories = count(facts.dropped(Reason.OPTED_OUT, "repository"), "repository", "repositories")
    origins = count(facts.dropped(Reason.OPTED_OUT, "origin"), "file")
    paragraphs = [
        prose(f"""
            Left out on request: {repositories} as a whole, and {origins} that had been read already or that
            a rule for paths or contents names. Nothing in this release names them. A copy of such a file is
            in only where another repository that did not opt out has it.""")
    ]
    if forks := facts.manifest["notes"].get("unchecked_forks", 0):
        paragraphs.append(
            prose(f"""
                Unchecked forks: {number(forks)}. So many forks of opted-out repositories could not be
                compared with these and stayed.""")
        )
    ask = prose("""
        To be left out of later releases, write to whoever published this copy and name the repository or
        the account. `repositories/` tells whether a repository is in.""")
    return "\n\n".join([*paragraphs, ask])


def redaction_note(facts: ReleaseFacts) -> str:
    """Return what was replaced, by what, and what redaction does not do."""
    redact = facts.recipe["redact"]
    if not redact["enabled"]:
        return "Redaction was off: nothing was searched for or replaced, in texts and in names alike."
    replacements = count(facts.table("redactions").rows, "replacement")
    stand_ins = STYLE_NOTES.get(redact["style"], code(redact["style"]))
    return prose(f"""
        {replacements} in texts: e-mail addresses, IP addresses, keys and passwords gave way to {stand_ins}.
        Outside these places nothing changed. Paths, names, branches and licence texts passed the same
        search. `redactions/` has kind, place and rule of each replacement in a text, never the value.

        What it does not do: it finds what its patterns and checks know. Names of people, account names,
        postal addresses and telephone numbers stay, as do secrets that look like ordinary words; now and
        then something harmless is replaced.""")


def limits(facts: ReleaseFacts) -> Iterator[str]:
    """Yield the known limits, a sentence or two each."""
    near = facts.recipe["near_dedup"]
    yield "One commit of each repository was read: no history, no issues, no pull requests."
    yield "Verdicts on language, licence, vendored and generated files are made by rules and can be wrong."
    if near["enabled"]:
        yield prose(f"""
            Near-duplicates are texts whose sets of runs of {near["ngram"]} words have a Jaccard similarity
            of at least {near["threshold"]}. MinHash proposes the pairs, so a few above the threshold are
            missed; the similarity of each removed text to the one kept for it was computed exactly. Shorter
            texts are compared for equality only.""")
    else:
        yield "Near-duplicates were not removed."
    if truncated := facts.manifest["notes"].get("truncated_buckets", 0):
        yield prose(f"""
            {count(truncated, "truncated bucket")}: where very many texts looked alike, each was compared
            with the best-ranked of them only, and some near-duplicates may be left.""")
    yield "Nothing was checked against benchmarks: solutions of test sets may be among the files."
    yield "The code was not run or reviewed; it may be faulty, insecure, malicious or offensive."
    yield prose("""
        The build knows neither who publishes a release nor when and where: add `creator`, `datePublished`
        and `url` to `croissant.json` when you do.""")
