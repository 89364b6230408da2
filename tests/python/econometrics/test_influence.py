"""Who carries a coefficient, intervals by method, adjusted p-values: small panels whose truth is known by construction."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from nqp.econometrics.fit import fit
from nqp.econometrics.inference import infer
from nqp.econometrics.influence import influence
from nqp.econometrics.intervals import intervals, splits
from nqp.econometrics.many_fits import weighted_fits
from nqp.econometrics.multiple_tests import holm, romano_wolf
from scipy import stats


def panel(entities: int = 20, years: int = 8, slope: float = 0.5, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product([[f"e{i:02d}" for i in range(entities)], range(2001, 2001 + years)])
    x = rng.normal(size=len(index))
    y = slope * x + rng.normal(scale=0.5, size=len(index))
    return pd.DataFrame({"y": y, "x": x}, index=index)


def with_dominant() -> pd.DataFrame:
    """Nineteen entities without any relation, and one whose x moves ten times as much and carries a slope of 1."""
    frame = panel(slope=0.0)
    rows = frame.index.get_level_values(0) == "e07"
    frame.loc[rows, "x"] = np.array([-10, 10, -8, 8, -6, 6, -4, 4.0])
    frame.loc[rows, "y"] = frame.loc[rows, "x"]
    return frame


def test_a_planted_dominant_entity_is_named_and_its_absence_changes_the_finding() -> None:
    found = influence(fit(with_dominant(), outcome="y", regressors=["x"]), "x")
    assert found.notable[0] == "e07"
    assert found.table["share_within"].idxmax() == "e07"
    assert found.table.at["e07", "share_within"] > 0.6
    assert found.p_value < 0.05 < found.table.at["e07", "p_value"]
    assert abs(found.table.at["e07", "dfbeta"]) == found.table["dfbeta"].abs().max()
    assert set(found.pairs["first"]) == {"e07"}
    assert len(found.pairs) == 19


@pytest.mark.slow
def test_no_entity_is_named_where_all_carry_the_same() -> None:
    found = influence(fit(panel(entities=60), outcome="y", regressors=["x"]), "x")
    assert found.notable == []
    assert found.table["share_within"].sum() == pytest.approx(1)
    assert found.table["leverage"].sum() == pytest.approx(1)


def test_dfbeta_and_shares_are_those_of_fits_by_hand() -> None:
    frame = with_dominant()
    whole = fit(frame, outcome="y", regressors=["x"])
    found = influence(whole, "x")
    rest = fit(frame[frame.index.get_level_values(0) != "e03"], outcome="y", regressors=["x"])
    gap = whole.params["x"] - rest.params["x"]
    assert found.table.at["e03", "dfbeta"] == pytest.approx(gap / infer(whole).table.at["x", "std_error"])
    x = frame["x"]
    net = x - x.groupby(level=0).transform("mean") - x.groupby(level=1).transform("mean") + x.mean()
    share = (net**2).groupby(level=0).sum() / (net**2).sum()
    assert found.table["share_within"].to_numpy() == pytest.approx(share.to_numpy())
    assert found.within == pytest.approx(np.sqrt((net**2).sum() / (len(x) - 1)))


@pytest.mark.slow
def test_the_robust_fit_resists_outliers_of_the_outcome() -> None:
    frame = panel(entities=40)
    frame.iloc[::40, 0] += 6.0 * np.sign(frame.iloc[::40, 1])
    found = influence(fit(frame, outcome="y", regressors=["x"]), "x")
    assert abs(found.robust - 0.5) < 0.5 * abs(found.estimate - 0.5)
    assert abs(found.estimate - 0.5) > 0.1


def test_symmetric_draws_give_the_same_interval_by_every_quantile_method() -> None:
    draws = 2.0 + stats.norm.ppf((np.arange(2000) + 0.5) / 2000)
    found = intervals(2.0, draws, std_error=1.0, draw_errors=np.ones(2000)).table
    for method in found.index:
        assert found.loc[method, ["conf_low", "conf_high"]].tolist() == pytest.approx(
            [2 - 1.96, 2 + 1.96], abs=0.01
        )


def test_biased_draws_turn_percentile_and_basic_against_each_other_and_the_disagreement_is_said() -> None:
    draws = 1.0 + stats.norm.ppf((np.arange(2000) + 0.5) / 2000)
    found = intervals(2.5, draws)
    assert found.bias == pytest.approx(-1.5)
    percentile, basic = found.table.loc["percentile"], found.table.loc["basic"]
    assert basic["conf_low"] == pytest.approx(5 - percentile["conf_high"])
    assert percentile["has_zero"] != basic["has_zero"]
    assert not found.agree_on_zero


def test_bca_is_that_of_scipy() -> None:
    data = np.random.default_rng(1).gamma(2.0, size=40)
    reference = stats.bootstrap(
        (data,), np.mean, n_resamples=4000, method="BCa", rng=np.random.default_rng(2)
    )
    jackknife = np.array([np.delete(data, i).mean() for i in range(len(data))])
    ours = intervals(data.mean(), reference.bootstrap_distribution, jackknife=jackknife).table.loc["bca"]
    theirs = reference.confidence_interval
    assert [ours["conf_low"], ours["conf_high"]] == pytest.approx([theirs.low, theirs.high], rel=1e-6)


def test_the_entity_whose_presence_splits_the_draws_comes_first() -> None:
    rng = np.random.default_rng(5)
    copies = rng.poisson(1.0, size=(6, 500))
    draws = 0.3 + 0.2 * (copies[4] > 0) + rng.normal(scale=0.02, size=500)
    found = splits(draws, copies, [f"e{i}" for i in range(6)])
    assert found.index[0] == "e4"
    assert found.iloc[0]["gap"] == pytest.approx(0.2, abs=0.01)
    assert found.iloc[0]["draws_without"] == int((copies[4] == 0).sum())


def test_the_error_of_a_weighted_draw_is_that_of_a_panel_with_copies() -> None:
    frame = panel(entities=12)
    whole = fit(frame, outcome="y", regressors=["x"])
    copies = np.random.default_rng(4).multinomial(12, np.ones(12) / 12)
    weights = np.repeat(copies, 8)[:, None].astype(float)
    y, x = frame["y"].to_numpy(), frame[["x"]].to_numpy()
    estimate, _, error = weighted_fits(whole.absorber, y, np.empty((len(y), 0)), x, weights)
    parts = [
        frame.xs(name, level=0, drop_level=False).rename(index={name: f"{name}-{k}"}, level=0)
        for name, count in zip(frame.index.get_level_values(0).unique(), copies, strict=True)
        for k in range(count)
    ]
    drawn = infer(fit(pd.concat(parts), outcome="y", regressors=["x"]))
    assert estimate[0] == pytest.approx(drawn.table.at["x", "estimate"])
    assert error[0] * np.sqrt(drawn.factor) == pytest.approx(drawn.table.at["x", "std_error"])


def test_holm_by_hand() -> None:
    assert holm(np.array([0.01, 0.04, 0.03])) == pytest.approx([0.03, 0.06, 0.06])
    found = holm(np.array([0.5, np.nan, 0.4]))
    assert found[[0, 2]] == pytest.approx([0.8, 0.8])
    assert np.isnan(found[1])


def test_romano_and_wolf_pay_nothing_for_a_hypothesis_that_stands_twice_and_much_for_independent_ones() -> (
    None
):
    rng = np.random.default_rng(6)
    one = np.abs(rng.normal(size=(4000, 1)))
    alone = romano_wolf(np.array([2.2]), one)[0]
    assert romano_wolf(np.array([2.2, 2.2]), np.hstack([one, one])) == pytest.approx([alone, alone])
    ten = romano_wolf(np.full(10, 2.2), np.abs(rng.normal(size=(4000, 10))))
    assert ten[0] > 5 * alone
    assert ten[0] <= 10 * 0.0278 + 0.02  # no more than Bonferroni, but for the draws
