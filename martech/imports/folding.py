"""Names of companies compared as people compare them: without the legal form."""

import re

from martech.folding import fold

FORMS = """
    ab ag aps as asa bv bvba cv corp corporation co company eirl eood gbr gmbh hf inc incorporated kft kg kgaa kk lda
    llc llp lp limited limitada ltd ltda mbh nv nyrt ohg ood oy oyj plc pte pty pvt private sa sab sarl sas sasu sca
    scop se sia sl slu sls snc sp spa spzoo sro srl srls ug uab zrt zoo
"""
LEGAL_FORMS = frozenset(FORMS.split())
SPACED_FORMS = frozenset({"spzoo", "sadecv", "sabdecv", "sdernldecv"})
JOINERS = frozenset({"&", "+", "and", "und", "et", "y"})


def fold_company(text: str) -> str:
    """``fold`` without legal forms at the end (Inc., GmbH & Co. KG, S.A. de C.V.): to propose, not to decide."""
    words = fold(text).split()
    while len(words) > 1:
        ending = _legal_ending(words)
        if not ending:
            break
        words = words[:-ending]
        while len(words) > 1 and words[-1] in JOINERS:
            words.pop()
    return " ".join(words).rstrip(" ,;")


def _legal_ending(words: list[str]) -> int:
    """How many of the last words are one legal form, leaving at least one word of the name."""
    plain = [re.sub(r"[^\w&+]", "", word) for word in words]
    for length in range(min(6, len(words) - 1), 1, -1):
        joined = "".join(plain[-length:])
        spelt_out = all(re.fullmatch(r"\w\.,?", word) for word in words[-length:])
        if joined in SPACED_FORMS or (spelt_out and joined in LEGAL_FORMS):
            return length
    return 1 if plain[-1] in LEGAL_FORMS else 0
