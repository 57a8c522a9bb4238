"""Makes the oracle tables: a spreadsheet in plain fractions, cell by cell. It imports nothing of ours, on purpose.

Where the engine keeps running customers and takes powers of decimals, this fills a triangle of cohorts and takes the
365th root of an integer. Run it from this folder to write the tables again: ``python spreadsheet.py``.
"""

import csv
import itertools
import json
import sys
from datetime import date
from fractions import Fraction as F
from math import fsum
from pathlib import Path
from typing import Any

DIGITS = 60

CASES: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))
"""Invented deals. In government_one_off_loss a sale loses money, so that cutting the programme must not look like a gain."""

COSTS = ["cogs", "commission", "partner_discount", "mdf", "enablement", "direct_support", "manager_cost", "investment"]
VARIABLE = ["cogs", "commission", "partner_discount"]


def day_of(start: date, months: int) -> date:
    year, month = start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1
    for day in (start.day, 30, 29, 28):
        if day <= start.day:
            try:
                return date(year, month, day)
            except ValueError:
                continue
    raise AssertionError("every month has 28 days")


def root_365(value: F) -> F:
    """The 365th root to 60 decimals, by integer bisection."""
    scale = 10**DIGITS
    target = value.numerator * scale**365 // value.denominator
    low, high = 0, 2 * scale * max(1, value.numerator // value.denominator)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**365 <= target else (low, middle)
    return F(low, scale)


def discount_factor(daily: F, days: int) -> F:
    """daily^-days, cut to 60 decimals."""
    return F(10**DIGITS * daily.denominator**days // daily.numerator**days, 10**DIGITS)


def base_lines(case: dict[str, Any]) -> list[dict[str, F]]:
    d = {name: F(value) for name, value in case["drivers"].items()}
    months = case["plan"]["months"]
    recurring = case["plan"]["revenue_kind"] == "recurring"
    won = [F(0)]
    for month in range(1, months + 1):
        reach = F(1) if month >= d["ramp_months"] else F(month) / d["ramp_months"]
        won.append(d["accounts_per_year"] / 12 * d["win_rate"] * reach)
    rows = []
    for month in range(months + 1):
        row = dict.fromkeys(["won", "net_revenue", *COSTS], F(0))
        row["won"] = won[month]
        if not recurring:
            row["net_revenue"] = won[month] * d["average_deal_value"]
            commissioned = row["net_revenue"]
        else:
            commissioned = F(0)
            for cohort in range(1, month + 1):
                age = month - cohort
                payment = won[cohort] * (1 - d["monthly_churn"]) ** age * d["average_deal_value"] / 12
                row["net_revenue"] += payment
                left = d.get("commission_months", F(10_000)) - age
                commissioned += payment * (F(1) if left >= 1 else F(0) if left <= 0 else left)
        row["cogs"] = d["cogs_share"] * row["net_revenue"]
        row["commission"] = d.get("commission_share", F(0)) * commissioned
        row["partner_discount"] = d.get("discount_share", F(0)) * row["net_revenue"]
        if month == 0:
            row["enablement"], row["investment"] = d["enablement_cost"], d.get("investment", F(0))
        else:
            row["mdf"] = d.get("mdf_per_year", F(0)) / 12
            row["direct_support"] = d["support_cost_per_year"] / 12
            row["manager_cost"] = d["manager_hours_per_month"] * d["manager_hourly_cost"]
        rows.append(row)
    return rows


def apply_risks(rows: list[dict[str, F]], risks: list[dict[str, Any]]) -> None:
    for month, row in enumerate(rows):
        volume = F(1)
        for risk in risks:
            expected = F(risk["likelihood"]) * F(risk["impact"])
            if risk["target"] == "volume":
                volume *= 1 - expected
            elif risk["target"] == "net_revenue":
                row["net_revenue"] *= 1 - expected
            elif risk["kind"] == "share":
                row[risk["target"]] *= 1 + expected
        if row["net_revenue"] >= sum(row[line] for line in VARIABLE):
            for line in ["net_revenue", *VARIABLE]:
                row[line] *= volume
        for risk in risks:
            if risk["kind"] == "money" and risk["month"] == month:
                row[risk["target"]] += F(risk["likelihood"]) * F(risk["impact"])


def cents(value: F, places: int) -> str:
    """Half away from zero, by integers."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    text = f"{whole // 10**places}.{whole % 10**places:0{places}d}"
    return f"-{text}" if value < 0 and whole else text


def present_value(flows: list[tuple[int, F]], rate: float) -> float:
    return fsum(float(amount) * (1 + rate) ** (-days / 365) for days, amount in flows)


def rate_of_return(flows: list[tuple[int, F]]) -> str:
    """By bisection over floats; only asked where money first goes out and then comes in, so that there is one."""
    signs = [amount > 0 for _, amount in flows if amount]
    changes = sum(one != other for one, other in itertools.pairwise(signs))
    if changes != 1:
        return "none" if changes == 0 else "several sign changes"
    low, high = -0.99, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if present_value(flows, middle) > 0 else (low, middle)
    return f"{low:.8f}"


def table(name: str) -> tuple[list[list[str]], dict[str, str]]:
    case = CASES[name]
    places = 3 if case["plan"]["currency"] == "KWD" else 2
    rows = base_lines(case)
    apply_risks(rows, case["risks"])
    start, as_of = (date.fromisoformat(case["plan"][key]) for key in ("starts_on", "as_of"))
    daily = root_365(1 + F(case["drivers"]["discount_rate"]))
    lines = ["net_revenue", *(line for line in COSTS if any(row[line] for row in rows))]
    cells = [["day", "days", "won", *lines, "net", "factor", "present_value", "cumulative"]]
    total, npv, flows, below = F(0), F(0), [], -1
    for month, row in enumerate(rows):
        day = day_of(start, month)
        factor = discount_factor(daily, (day - as_of).days)
        net = row["net_revenue"] - sum(row[line] for line in COSTS)
        total, npv = total + net, npv + net * factor
        flows.append(((day - start).days, net))
        below = month if total < 0 else below
        cells.append(
            [
                day.isoformat(),
                str((day - as_of).days),
                cents(row["won"], 6),
                *(cents(row[line], places) for line in lines),
                cents(net, places),
                cents(factor, 12),
                cents(net * factor, places),
                cents(total, places),
            ]
        )
    sums = {line: sum((row[line] for row in rows), F(0)) for line in ["net_revenue", *COSTS]}
    margin = sums["net_revenue"] - sum(sums[line] for line in COSTS if line != "investment")
    results = {line: cents(sums[line], places) for line in lines}
    results |= {
        "total_cost": cents(sum((sums[line] for line in COSTS), F(0)), places),
        "contribution_margin": cents(margin, places),
        "contribution_margin_share": cents(margin / sums["net_revenue"], 6),
        "npv": cents(npv, places),
        "irr": rate_of_return(flows),
        "payback_on": day_of(start, below + 1).isoformat() if below < len(rows) - 1 else "none",
        "return_on_cost": cents(total / sum(sums[line] for line in COSTS), 6),
    }
    return cells, results


def write(folder: Path) -> None:
    for name in CASES:
        cells, results = table(name)
        for suffix, content in (("flows", cells), ("results", [["measure", "value"], *map(list, results.items())])):
            with (folder / f"{name}.{suffix}.csv").open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream, lineterminator="\n").writerows(content)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
