"""Words are data: every sentence of seeds/words stands in both languages and says the same numbers in both."""

from __future__ import annotations

import csv
import re

from studies import REPOSITORY

WORDS = REPOSITORY / "seeds" / "words"
PLACE = re.compile(r"{(\w+)}")


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
