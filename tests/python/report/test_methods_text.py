"""The methods section says what was done, in both languages, and cites what it names."""

from __future__ import annotations

import re

import pytest
from nqp.document.references import bibliography, known
from nqp.report.methods_text import _CITED, _citing
from nqp.study.recipes import read_recipe_words
from nqp.tables.methods import WORKS
from studies import REPOSITORY, Project


def sections(text: str) -> list[str]:
    return re.findall(r"^## .*$", text, re.MULTILINE)


def test_every_step_stands_in_both_languages_with_the_same_formulas(built_harbours: Project) -> None:
    texts = {
        language: (built_harbours.output / f"methods.{language}.md").read_text(encoding="utf-8")
        for language in ("zh", "en")
    }
    assert len(sections(texts["zh"])) == len(sections(texts["en"])) > 5
    formulas = {language: sorted(re.findall(r"\$[^$]+\$", text)) for language, text in texts.items()}
    assert formulas["zh"] == formulas["en"]
    assert not re.search(r"\{[a-z]+\d{4}", texts["zh"] + texts["en"])
    for text in texts.values():
        assert not re.search(r"\bnan\b|None", text)


def test_what_it_says_is_what_the_marts_hold(built_harbours: Project) -> None:
    text = (built_harbours.output / "methods.en.md").read_text(encoding="utf-8")
    ((entities, rows),) = built_harbours.query(
        "select count(distinct entity_code), count(*) from marts.regression_panel"
    )
    assert f"The panel holds {entities} " in text
    assert f"{rows} observations" in text
    ((observed,),) = built_harbours.query(
        "select sum(cells - imputed_cells) from marts.series where not is_derived"
    )
    assert f"It rests on {observed} figures" in text
    for (sizes,) in built_harbours.query(
        "select min(value)::int from estimates.model_statistics where statistic = 'n_obs' and equation = 'main' group by table_code"
    ):
        assert re.search(rf"N = {sizes}\b", text)


def test_the_list_holds_what_is_cited_and_nothing_else(built_harbours: Project) -> None:
    text = (built_harbours.output / "methods.zh.md").read_text(encoding="utf-8")
    body, _, listed = text.partition("## 参考文献")
    cited = {int(n) for group in re.findall(r"\[([\d, ]+)\]", body) for n in group.split(", ")}
    places = [int(n) for n in re.findall(r"^\[(\d+)\] ", listed, re.MULTILINE)]
    assert sorted(cited) == places == list(range(1, len(places) + 1))
    bib = (built_harbours.output / "references.bib").read_text(encoding="utf-8")
    assert bib.count("@") == len(places)
    plain = (built_harbours.output / "references.gbt7714.txt").read_text(encoding="utf-8").splitlines()
    assert [line.strip() for line in listed.strip().splitlines()] == plain


def test_an_option_is_cited_alike_in_the_text_and_in_the_table() -> None:
    words = read_recipe_words(REPOSITORY)
    assert set(WORKS) <= set(words.options)
    assert {key for keys in WORKS.values() for key in keys} <= set(known())
    found = {code: _citing(words.options[choice, code]) for choice, code in WORKS}
    assert found == {
        "entropy": " {shannon1948}",
        "critic": " {diakoulaki1995}",
        "entropy_critic": " {shannon1948; diakoulaki1995}",
        "topsis": " {hwang1981}",
        "topsis_w_once": " {deng2000}",
    }
    assert all(_CITED.fullmatch(one.strip()) for one in found.values())
    assert _citing(words.options["weighting", "equal"]) == ""
    assert [known()[key].in_table for key in ("shannon1948", "hwang1981", "deng2000")] == [
        "Shannon (1948)",
        "Hwang & Yoon (1981)",
        "Deng et al. (2000)",
    ]


@pytest.mark.parametrize("key", sorted(known()))
def test_every_work_is_complete_in_both_forms(key: str) -> None:
    work = known()[key]
    files = {name: content.decode() for name, content in bibliography([key]).items()}
    assert re.fullmatch(r"\[1\] .+\[[JM]\].*\d{4}[,:.].+\n", files["references.gbt7714.txt"])
    assert files["references.bib"].count("{") == files["references.bib"].count("}")
    assert work.year in work.in_text
    assert work.doi.startswith("10.") or work.key == "sobol1993"
    assert bool(work.editors) == (work.kind == "incollection")


def test_the_two_forms_by_hand() -> None:
    files = {name: content.decode() for name, content in bibliography(["lee2022"]).items()}
    assert files["references.gbt7714.txt"] == (
        "[1] LEE D S, MCCRARY J, MOREIRA M J, et al. Valid t-ratio inference for IV[J]. American Economic Review, 2022, "
        "112(10): 3260-3290. DOI: 10.1257/aer.20211063.\n"
    )
    assert (
        "author = {Lee, D. S. and McCrary, J. and Moreira, M. J. and Porter, J.}," in files["references.bib"]
    )
    files = {name: content.decode() for name, content in bibliography(["stock2005"]).items()}
    assert files["references.gbt7714.txt"] == (
        "[1] STOCK J H, YOGO M. Testing for weak instruments in linear IV regression[M]//ANDREWS D W K, STOCK J H. Identification and "
        "Inference for Econometric Models. Cambridge: Cambridge University Press, 2005: 80-108. DOI: 10.1017/CBO9780511614491.006.\n"
    )
    assert "editor = {Andrews, D. W. K. and Stock, J. H.}," in files["references.bib"]
    assert known()["lee2022"].in_text == "Lee et al., 2022"
    assert known()["cragg1993"].in_text == "Cragg and Donald, 1993"
