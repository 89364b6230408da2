"""Words are data: every sentence of seeds/words stands in both languages and says the same numbers in both."""

from __future__ import annotations

import csv
import re

from studies import REPOSITORY

WORDS = REPOSITORY / "seeds" / "words"
PLACE = re.compile(r"{(\w+(?::\d)?)}")


def rows(name: str) -> list[dict[str, str]]:
    with (WORDS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_refusal_says_the_same_in_both_languages() -> None:
    refusals = rows("refusals")
    codes = [refusal["code"] for refusal in refusals]
    assert len(codes) == len(set(codes))
    for refusal in refusals:
        assert refusal["severity"] in {"error", "warning"}, refusal
        assert refusal["stage"].isdigit(), refusal
        for text in ("message", "more"):
            english, chinese = refusal[f"{text}_en"], refusal[f"{text}_zh"]
            assert bool(english) == bool(chinese), refusal
            assert sorted(PLACE.findall(english)) == sorted(PLACE.findall(chinese)), refusal
        # what is wrong and how to mend it are two sentences at least
        assert re.search(r"[.:] .*\.(\{more})?$", refusal["message_en"]), refusal
        assert ("{more}" in refusal["message_en"]) == bool(refusal["more_en"]), refusal


def test_every_sentence_of_the_audit_says_the_same_numbers_in_both_languages() -> None:
    sentences = rows("audit_sentences")
    codes = [sentence["code"] for sentence in sentences]
    assert len(codes) == len(set(codes))
    for sentence in sentences:
        english, chinese = sentence["text_en"], sentence["text_zh"]
        assert bool(english) == bool(chinese), sentence
        assert sorted(PLACE.findall(english)) == sorted(PLACE.findall(chinese)), sentence
        for text in (english, chinese, sentence["cells"]):
            assert len(PLACE.findall(text)) < 20, (
                "audit_sentence_pieces cuts a sentence into 20 pieces at most"
            )
    rules = {rule["code"] for rule in rows("audit_rules")}
    assert {code.split(".")[0] for code in codes} == rules


def test_every_sentence_of_a_finding_says_the_same_in_both_languages_without_notation() -> None:
    sentences = rows("finding_sentences")
    codes = [sentence["code"] for sentence in sentences]
    assert len(codes) == len(set(codes))
    plural = {"entities": "entity", "Entities": "entity"}
    for sentence in sentences:
        english, chinese = sentence["text_en"], sentence["text_zh"]
        assert english, sentence
        assert chinese, sentence
        said = [
            {plural.get(one, one) for one in PLACE.findall(text)} - {"entity"} for text in (english, chinese)
        ]
        assert said[0] == said[1], sentence
        for text in (english, chinese):
            assert not re.search(r"[βμσ²☆*]|\bp [=<]|\bSE\b|CR2|2SLS|标准误|\bN =", text), sentence


def test_every_term_of_the_audit_has_both_languages() -> None:
    terms = rows("audit_terms")
    assert len({term["code"] for term in terms}) == len(terms)
    for term in terms:
        assert term["text_en"], term
        assert term["text_zh"], term
        assert term["text_en"].count("{}") == term["text_zh"].count("{}"), term
