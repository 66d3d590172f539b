"""Yearly figures: one year, one figure, and the small computations that people ask for."""

from dataclasses import dataclass

from bot.answers.composers.scene import Composed, Scene, absent
from bot.answers.mentions import Kind
from bot.messages import Choice
from referential.model import Fact, YearStatistics

_RATES = {"insertion_6m", "insertion_job_6m", "insertion_job_2y"}


@dataclass(frozen=True)
class Figure:
    """One figure of one year."""

    year: int
    value: int


def statistics(scene: Scene) -> Composed:
    """Answer from the yearly figures."""
    said = scene.fiche.statistics
    if (missing := absent(said)) or not said.value:
        return missing or Composed("not_given", {"section": said.section}, (said.section,))
    years = {s.year: s for s in said.value}
    asked = [int(y) for y in scene.question.all(Kind.YEAR)]
    known = [y for y in asked if y in years]
    measure = _measure(scene)
    comparison = scene.question.first(Kind.COMPARISON)
    choices = tuple(Choice(f"Chiffres {y}", "statistics", ((Kind.YEAR, str(y)),)) for y in years if y not in known)
    if asked and not known:
        return Composed("no_such_year", {"asked": asked, "years": sorted(years)}, (said.section,), choices)
    if comparison or len(known) > 1:
        compared = _compared(said.value, measure or "certified", known, comparison)
        if compared:
            return compared
    if measure is None:
        rows = [years[y] for y in known] or list(said.value)
        return Composed("rows", {"rows": rows}, (said.section,), choices)
    rows = [years[y] for y in known] or list(said.value)
    facts = [(s.year, _fact(s, measure)) for s in rows]
    section = facts[0][1].section
    values: dict[str, object] = {"measure": measure, "facts": facts, "rate": measure in _RATES}
    if not any(f.stated for _, f in facts):
        return Composed("measure_not_given", values | {"section": section}, (section,), choices)
    supposed = [n for n in scene.question.numbers if n != 6 or "6 mois" not in scene.question.folded]
    if scene.question.closed and len(facts) == 1 and len(supposed) == 1:
        return Composed("checked", values | {"right": supposed[0] == facts[0][1].value}, (section,), choices)
    return Composed("measure", values, (section,), choices)


def _measure(scene: Scene) -> str | None:
    """Return the figure asked for: the narrower word wins, « dans le métier » needs « insertion » or a job."""
    named = scene.question.all(Kind.MEASURE)
    folded = scene.question.folded
    if not named:
        return None
    if "insertion_job_2y" in named and ("ans" in folded or "24 mois" in folded) and _speaks_of_work(named, folded):
        return "insertion_job_2y"
    if "certified_vae" in named:
        return "certified_vae"
    if "insertion_job_6m" in named:
        return "insertion_job_6m"
    if "insertion_6m" in named:
        return "insertion_6m"
    return "certified" if "certified" in named else None


def _speaks_of_work(named: list[str], folded: str) -> bool:
    return (
        bool({"insertion_6m", "insertion_job_6m"} & set(named))
        or "metier" in folded
        or "2 ans" in folded
        or "deux ans" in folded
    )


def _fact(year: YearStatistics, measure: str) -> Fact[int]:
    fact: Fact[int] = getattr(year, measure)
    return fact


def _compared(
    rows: tuple[YearStatistics, ...], measure: str, years: list[int], comparison: str | None
) -> Composed | None:
    """Return a computation over the years, or None when the figure is missing."""
    figures = [Figure(s.year, f.value) for s in rows if (f := _fact(s, measure)).value is not None]
    section = _fact(rows[0], measure).section
    if not figures:
        return Composed(
            "measure_not_given",
            {"measure": measure, "facts": [], "section": section, "rate": measure in _RATES},
            (section,),
        )
    chosen = [f for f in figures if f.year in years]
    values = {"measure": measure, "rate": measure in _RATES, "figures": figures}
    if comparison in ("best", "worst") and len(chosen) < 2:
        pick = max if comparison == "best" else min
        extreme = pick(figures, key=lambda f: f.value)
        ties = [f for f in figures if f.value == extreme.value]
        return Composed(comparison, values | {"picked": ties}, (section,))
    if comparison in ("total", "mean"):
        over = chosen if len(chosen) > 1 else figures
        if measure in _RATES or comparison == "mean":
            mean = sum(f.value for f in over) / len(over)
            return Composed(
                "mean", values | {"mean": f"{mean:.1f}".replace(".", ",").removesuffix(",0"), "over": over}, (section,)
            )
        return Composed("total", values | {"total": sum(f.value for f in over), "over": over}, (section,))
    pair = sorted(chosen or figures, key=lambda f: f.year)
    if len(pair) < 2 and len(figures) > 1:
        later = [f for f in figures if f.year > pair[0].year]
        earlier = [f for f in figures if f.year < pair[0].year]
        pair = sorted([pair[0], (earlier or later)[0] if earlier else later[-1]], key=lambda f: f.year)
    if len(pair) < 2:
        return None
    first, last = pair[0], pair[-1]
    gap = last.value - first.value
    return Composed("difference", values | {"first": first, "last": last, "gap": gap}, (section,), gap=gap)
