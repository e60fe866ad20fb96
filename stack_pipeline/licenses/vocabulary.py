"""The words that the licence rules weigh: which could restrict, which only connect, which grant.

Plain sets of lower-case words, as `wording.words_of` makes them. Changing one changes verdicts.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


RISKY_WORDS = _words(
    """
    academic additional additionally agpl ai alike allowed anti apart approval attribution authorization
    authorized ban banned bearing binary but cannot cddl charge clause commercial commercially commons
    compete competing competitive competitor compliance condition conditional conditions confidential
    consent contact copyleft copylefted customers delete denied deny derivative derivatives disallow
    disallowed disclose disclosed discretion distribute distributed distribution educational ethical eula
    evaluate evaluation evil except excepting exception exceptions excluded excludes excluding exclusive
    exclusively exempt exempted expire expired expires explicit export fee fees forbid forbidden forbids
    free government gpl granted gratis harm harmful hosted hosting however human individuals instead
    internal internally irrevocable lgpl limit limitation limitations limited limiting machine may merge
    military model models modification modifications modified modify monetary mpl must nda negotiate never
    no noassertion noncommercial noncommercially nonexclusive nonprofit nor not notify notwithstanding
    nuclear obligation obtain only organizations otherwise paid party patent patents pay payment permission
    permissions permit permits permitted perpetual personal prior private production profit prohibit
    prohibited prohibiting prohibits proprietary provided publish purchase purchased purpose purposes
    redistribute redistributed redistribution redistributions required requirement requirements requires
    research resell reserved restrict restricted restricting restriction restrictions restrictive restricts
    revocable revoke revoked right rights royalties royalty saas sale secret sell selling service services
    shall share solely solicit specific sspl strictly students subject sublicense subscription superset
    temporarily temporary terminate terminated terminates termination trained training trial unauthorized
    unclear unless unlimited weapon weapons without worldwide
    """
) | _words(
    """
    alleen apenas autorisation autorizzazione comerciais comercial comerciales commerciale commerciales
    commerciali erlaubt excepto genehmigung interdit interdite interdits kein keine kommerziell kommerzielle
    kommerziellen nicht nichtkommerziell nichtkommerzielle nichtkommerziellen niet nur nutzung permesso
    permiso prohibida prohibido proibida proibido sans sauf senza seulement sin solo somente toestemming
    uniquement untersagt usage uso verboden verboten vietata vietato zonder zustimmung
    """
)
"""Words that grant, limit or forbid, in English and in the languages that licence files most often mix in.

A text that has one of them where no known licence explains it is unclear.
"""

MISSED_WORDS = RISKY_WORDS | _words("third with written")
"""Words without which a licence is another one: a text that lacks one which its licence has is unclear."""

NAME_WORDS = _words(
    """
    academic ai binary customers educational free government human individuals internal limited machine
    model models organizations party patent private production research rights service services share
    students third
    """
)
"""Risky words that are parts of names when they stand in a copyright notice."""

SLOT_WORDS = _words("conditions nor organizations party permission specific third written")
"""Risky words of the licences themselves between the people that they name."""

FILLER_WORDS = _words(
    """
    a all also an and any are as at available be both by can choice choose code containing contents copy
    copyright covered details distributed distribution dual either file files following found full governed
    has have here hereby his i in is it its itself license licensed licenses licensing made md module more
    multi of one option or package parts program project published released repository root same see select
    software source style subject technology term terms text that the their them these this those to tree
    triple txt under use used using version versions we which with work works you your
    """
)
"""Words that connect names and sentences about licences, and neither grant nor limit by themselves."""

CONNECTING_WORDS = _words("a an and any at either license licenses of or terms the under version")
"""Words that may stand between the names of one list of licences."""

GRANTING_WORDS = _words("copying governed license licensed licenses licensing subject terms under")
"""Words before a licence name that make it a statement."""

NEGATING_WORDS = _words("cannot formerly isn never no non not originally previously unlike was were")
"""Words before a licence name that make it no statement."""

LIMITING_WORDS = _words(
    """
    academic clause commercial commercially commons educational evaluation except excepting excluding
    noncommercial noncommercially permission personal prohibited redistribution research restricted
    restriction restrictions unless
    """
)
"""Words closely behind a permissive name that take away from it."""
