"""Draws the intervals of two worlds: python tests/proof/figure.py writes web/docs/figures/coverage.svg.

A line is one data set's 95% interval, by seed from top to bottom; its colour is the table that it comes from.
"""

from pathlib import Path

from experiment import DEFAULT, EFFECT, NOTEBOOK, SETS, Study, World, study

FIGURE = Path(__file__).resolve().parents[2] / "web" / "docs" / "figures" / "coverage.svg"

WIDTH, HEIGHT = 760, 436
PANEL_WIDTH, TOP, ROW = 340, 84, 3.0
LOW, HIGH = -0.1, 0.4  # of the axis
TICKS = (-0.1, 0.0, 0.1, 0.2, 0.3, 0.4)
BOTTOM = TOP + SETS * ROW
# Exposures half a minute apart, and one purchase on impulse in twenty exposures: what breaks a window that overlaps.
PANELS = {"A click has an effect": World(10, 0.05, EFFECT), "A click has no effect": World(10, 0.05, 0)}
DESIGNS = {"causal": DEFAULT, "notebook": NOTEBOOK}
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .page { fill: #ffffff } .title { font-weight: 600 } .small { font-size: 12px }
  .axis { stroke: #8c959f; fill: none } .truth { stroke: #1f2328; stroke-width: 1.5; fill: none }
  .causal { stroke: #0969da } .notebook { stroke: #bc4c00 } text.causal { fill: #0969da; stroke: none }
  text.notebook { fill: #bc4c00; stroke: none }
  .interval { fill: none; stroke-width: 1 } .point { fill: none; stroke-width: 2.6; stroke-linecap: round }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .page { fill: #0d1117 } .truth { stroke: #e6edf3 }
    .causal { stroke: #58a6ff } .notebook { stroke: #f0883e } text.causal { fill: #58a6ff } text.notebook { fill: #f0883e }
  }
"""


def at(left: float, value: float) -> float:
    return left + (value - LOW) / (HIGH - LOW) * PANEL_WIDTH


def text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    return f'<text class="{style}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{words}</text>'


def draw_intervals(left: float, study: Study, profile: str) -> list[str]:
    lines, points = [], []
    for row, estimate in enumerate(study.estimates):
        y = TOP + (row + 0.5) * ROW
        lines.append(f"M{at(left, estimate.low):.1f} {y:g}H{at(left, estimate.high):.1f}")
        points.append(f"M{at(left, estimate.effect):.1f} {y:g}h0")
    return [f'<path class="interval {profile}" d="{"".join(lines)}"/>', f'<path class="point {profile}" d="{"".join(points)}"/>']


def caption(study: Study, name: str) -> str:
    return f"{name}: {study.covering(study.truth)} of {SETS} intervals hold the truth"


def draw_panel(left: float, title: str, studies: dict[str, Study]) -> list[str]:
    true_effect = studies["causal"].truth
    truth = at(left, true_effect)
    drawn = [
        text(left, 24, title, "title"),
        text(left, 43, caption(studies["causal"], "causal profile"), "causal small"),
        text(left, 60, caption(studies["notebook"], "notebook's table"), "notebook small"),
        f'<path class="axis" d="M{left} {BOTTOM}H{left + PANEL_WIDTH}"/>',
    ]
    for tick in TICKS:
        x = at(left, tick)
        drawn.append(f'<path class="axis" d="M{x:g} {BOTTOM}v5"/>')
        drawn.append(text(x, BOTTOM + 19, f"{tick:g}".replace("-", "\u2212"), "small", "middle"))
    for profile, study in studies.items():
        drawn += draw_intervals(left, study, profile)
    drawn.append(f'<path class="truth" d="M{truth:.1f} {TOP - 6}V{BOTTOM}"/>')
    drawn.append(text(truth + 5, TOP - 5, f"truth {true_effect:.3f}", "small"))
    return drawn


def draw(studies: dict[str, dict[str, Study]]) -> str:
    """`studies`: by title of their panel, then by design."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">',
        f"<title>Estimated effects of a click in {SETS} simulated data sets, with an effect and without</title>",
        f"<style>{STYLE}</style>",
        '<rect class="page" width="100%" height="100%"/>',
    ]
    for left, (title, of_panel) in zip((24, 400), studies.items()):
        lines += draw_panel(left, title, of_panel)
    label = "Estimated effect of a click on the probability of a purchase within 24 hours, with 95% interval"
    lines.append(text(WIDTH / 2, HEIGHT - 6, label, "small", "middle"))
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    FIGURE.parent.mkdir(parents=True, exist_ok=True)
    FIGURE.write_text(draw({title: study(world, DESIGNS) for title, world in PANELS.items()}), "utf-8")
    print(FIGURE)
