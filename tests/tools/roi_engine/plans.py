"""Small invented deals that the tests of the engine compute, and strategies that vary them."""

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.roi import (
    Assumption,
    PartnerFigure,
    PartnerInputs,
    Plan,
    RevenueKind,
    RoiInputs,
    RoiRisk,
    SimulationPlan,
)
from partnership_os.schemas.roi_drivers import UNITS, Driver, PartnerDriver
from partnership_os.tools.roi_engine.measures import DatedFlow
from partnership_os.tools.roi_engine.sources import currency_of
from tests.tools.roi_engine.oracles import spreadsheet

ORACLES = Path(__file__).parent / "oracles"

REFERRAL: dict[str, str] = spreadsheet.CASES["referral_recurring_sar"]["drivers"]
"""Profitable: each sale earns money."""
GOVERNMENT_LOSS: dict[str, str] = spreadsheet.CASES["government_one_off_loss"]["drivers"]
"""Each sale loses money."""


def plan(kind: str = "referral", revenue: str = "recurring", currency: str = "SAR", months: int = 24) -> Plan:
    return Plan(
        partnership_type=PartnershipType(kind),
        currency=currency,
        as_of=date(2026, 1, 1),
        starts_on=date(2026, 1, 31),
        months=months,
        revenue_kind=RevenueKind(revenue),
    )


def assumption(
    driver: str, base: str | None, low: str | None = None, high: str | None = None, currency: str = "SAR", **more: Any
) -> Assumption:
    return Assumption.model_validate(
        {
            "driver": driver,
            "unit": UNITS[driver],
            "currency": currency_of(Driver(driver), currency),
            "base": base,
            "low": low,
            "high": high,
            **more,
        }
    )


def risk(name: str, target: str, likelihood: Any, impact: Any, month: int | None = None, **more: Any) -> RoiRisk:
    return RoiRisk.model_validate(
        {
            "risk": name,
            "text": {"en": f"Risk {name}", "ar": f"خطر {name}"},
            "target": target,
            "likelihood": likelihood,
            "kind": "share" if month is None else "money",
            "impact": impact,
            "month": month,
            **more,
        }
    )


def inputs(
    values: Mapping[str, str | tuple[str, str, str] | None],
    frame: Plan | None = None,
    risks: tuple[RoiRisk, ...] = (),
    **more: Any,
) -> RoiInputs:
    """Inputs with one assumption for each value: a base, (low, base, high), or None for unknown."""
    frame = frame or plan()
    stated = []
    for driver, value in values.items():
        low, base, high = value if isinstance(value, tuple) else (None, value, None)
        stated.append(assumption(driver, base, low, high, frame.currency))
    return RoiInputs(label="Test", plan=frame, assumptions=tuple(stated), risks=risks, **more)


def government_loss(risks: tuple[RoiRisk, ...] = (), **more: Any) -> RoiInputs:
    return inputs(GOVERNMENT_LOSS, plan("government", "one_off", months=12), risks, **more)


def simulated(values: Mapping[str, Any], runs: int = 500, seed: int = 7, **more: Any) -> RoiInputs:
    return inputs(values, simulation=SimulationPlan(seed=seed, runs=runs), **more)


def oracle(name: str) -> RoiInputs:
    case = spreadsheet.CASES[name]
    risks = tuple(risk(**{key: value for key, value in one.items() if key != "kind"}, **{}) for one in _named(case))
    return inputs(case["drivers"], Plan.model_validate(case["plan"]), risks)


def _named(case: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"name": one["risk"], **{key: one[key] for key in one if key != "risk"}} for one in case["risks"]]


def oracle_table(name: str, suffix: str) -> list[dict[str, str]]:
    with (ORACLES / f"{name}.{suffix}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def partner(values: Mapping[str, str | None], frame: Plan, sheet_id: str = "ts_1") -> PartnerInputs:
    """Partner inputs whose terms cite a sheet."""
    figures = (
        PartnerFigure(
            driver=PartnerDriver(driver),
            unit=UNITS[driver],
            currency=currency_of(PartnerDriver(driver), frame.currency),
            source_id=sheet_id if driver in SHEET_TERMS else None,
            value=None if value is None else Decimal(value),
        )
        for driver, value in values.items()
    )
    return PartnerInputs(plan=frame, figures=tuple(figures))


SHEET_TERMS = ("commission_share", "commission_months", "discount_share", "mdf_per_year", "partner_investment")

amounts = st.decimals(min_value=-100_000, max_value=100_000, places=2)
rates = st.decimals(min_value="0", max_value="0.5", places=3)
likelihoods = st.decimals(min_value=0, max_value=1, places=2)


@st.composite
def dated_flows(draw: st.DrawFn, least: int = 1, most: int = 8) -> list[DatedFlow]:
    """Flows of up to some years, in order of their days."""
    gaps = draw(st.lists(st.integers(0, 400), min_size=least, max_size=most))
    day, flows = date(2026, 1, 1), []
    for gap in gaps:
        day += timedelta(gap)
        flows.append(DatedFlow(day, draw(amounts)))
    return flows


@st.composite
def risks(draw: st.DrawFn, name: str = "one") -> RoiRisk:
    """Any risk on a deal of twelve months or more."""
    target = draw(
        st.sampled_from(["volume", "net_revenue", "cogs", "commission", "mdf", "enablement", "direct_support",
                         "manager_cost", "investment", "partner_discount"])
    )  # fmt: skip
    likelihood = draw(likelihoods)
    if target not in ("volume", "net_revenue") and draw(st.booleans()):
        money = draw(st.decimals(min_value=0, max_value=500_000, places=2))
        return risk(name, target, likelihood, money, month=draw(st.integers(0, 12)))
    return risk(name, target, likelihood, draw(likelihoods))
