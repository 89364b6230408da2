"""What a data editor asks, after the policy of the American Economic Association: what is met, what a person must do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nqp.deposit.facts_file import Facts
from nqp.deposit.replication import Measured
from nqp.deposit.traces import Trace
from nqp.language.labels import Label


@dataclass(frozen=True)
class Item:
    """One demand: met with its evidence, or what a person must still do."""

    text: Label
    is_met: bool
    evidence: Label


@dataclass(frozen=True)
class State:
    """What the demands are judged by."""

    study: str
    facts: Facts
    unknown: Sequence[str]
    uncited: Sequence[str]
    exhibits: Sequence[Trace]
    measured: Measured | None
    local_paths: Sequence[str]
    has_code_licence: bool


def checklist(state: State) -> list[Item]:
    """All demands in the order in which an editor reads a package."""
    facts, measured = state.facts, state.measured
    toml = f"seeds/{state.study}/deposit.toml"
    traced = [one for one in state.exhibits if one.program]
    failed = measured.failed if measured else 0
    ran = measured is not None and not failed
    return [
        Item(
            Label("README 含规定各节", "A README with the sections asked for"), True,
            Label("README.md，中文 README.zh-CN.md", "README.md, in Chinese README.zh-CN.md"),
        ),
        Item(
            Label("每个来源都有数据可得性说明与许可", "A statement of availability and terms for every source"), not state.unknown,
            Label("见 README", "in the README") if not state.unknown else Label(
                f"在 {toml} 中写明：{'；'.join(state.unknown)}", f"state them in {toml}: {'; '.join(state.unknown)}"),
        ),
        Item(
            Label("作者有权使用并公布数据", "The authors may use and publish the data"), False,
            Label("只有作者能够确认", "only the authors can confirm it"),
        ),
        Item(
            Label("原始数据已收入，格式开放", "Raw data are included, in an open format"), True,
            Label(f"seeds/{state.study}/，CSV", f"seeds/{state.study}/, CSV"),
        ),
        Item(
            Label("数据均有引用", "All data are cited"), not state.uncited,
            Label("见 README 的参考文献", "in the references of the README") if not state.uncited else Label(
                f"在 {toml} 中写明引用格式，并在论文中引用：{'；'.join(state.uncited)}",
                f"write the citation into {toml} and cite in the paper: {'; '.join(state.uncited)}"),
        ),
        Item(
            Label("代码从原始数据到全部结果", "Code from raw data to every result"), True,
            Label("models/、macros/、python/", "models/, macros/, python/"),
        ),
        Item(
            Label("一个主程序运行全部步骤", "One program runs everything"), True, Label.both("run.sh"),
        ),
        Item(
            Label("每张图表都有其程序", "Every exhibit names its program"), len(traced) == len(state.exhibits),
            Label(f"{len(state.exhibits)} 张中 {len(traced)} 张", f"{len(traced)} of {len(state.exhibits)}"),
        ),
        Item(
            Label("正文中的数字与图表一致", "Numbers in the text agree with the exhibits"), False,
            Label("对文稿运行 python python/verify.py", "run python python/verify.py on the manuscript"),
        ),
        Item(
            Label("软件与各包版本已固定", "Software and versions of packages are fixed"), True,
            Label.both("requirements.lock"),
        ),
        Item(
            Label("随机数种子已写明", "Seeds are stated"), True, Label("README，随机性一节", "README, Randomness"),
        ),
        Item(
            Label("内存、时间与机器已写明", "Memory, run time and machine are stated"), measured is not None,
            Label("README", "README") if measured else Label("运行 python python/deposit.py --measure", "run python python/deposit.py --measure"),
        ),
        Item(
            Label("在空环境中运行，数字全部重现", "Runs in an empty environment, and every number comes out again"), ran,
            Label(f"{measured.passed} 项相同，{measured.failed} 项不同", f"{measured.passed} pass, {measured.failed} fail")
            if measured else Label("运行 python python/deposit.py --measure", "run python python/deposit.py --measure"),
        ),
        Item(
            Label("代码中没有本机路径", "No path of the author's machine in the code"), not state.local_paths,
            Label("已逐个文件查过", "every file was searched") if not state.local_paths else Label.both(", ".join(state.local_paths)),
        ),
        Item(
            Label("代码有许可", "The code has a licence"), state.has_code_licence, Label.both("LICENSE"),
        ),
        Item(
            Label("作者、单位、ORCID", "Authors, affiliations, ORCID"), bool(facts.authors),
            Label("CITATION.cff", "CITATION.cff") if facts.authors else Label(f"写入 {toml}", f"write them into {toml}"),
        ),
        Item(
            Label("不含保密数据与个人信息", "No confidential data, no personal information"), False,
            Label("由作者确认", "the authors confirm it"),
        ),
        Item(
            Label("论文与数据存档相互引用（DOI）", "Paper and deposit cite each other (DOI)"), bool(facts.doi),
            Label.both(facts.doi) if facts.doi else Label(
                f"上传后把 DOI 写入 {toml}", f"after uploading write the DOI into {toml}"),
        ),
        Item(
            Label("实验登记与伦理审查（如适用）", "Registration and ethics approval, where they apply"), False,
            Label("由作者说明；官方统计数据一般不适用", "the authors say so; they rarely apply to official statistics"),
        ),
    ]  # fmt: skip
