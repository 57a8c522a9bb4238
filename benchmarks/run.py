"""Print every table of ratios, measured in this run: ``python -m benchmarks.run``."""

from time import perf_counter

from rich.console import Console
from rich.table import Table as RichTable

from benchmarks import embedding, retrieval, score_card

MEASUREMENTS = (score_card.measure, embedding.measure, retrieval.measure)


def main() -> None:
    """Measure and print; trust the ratios, not the figures."""
    console = Console()
    start = perf_counter()
    for measure in MEASUREMENTS:
        table = measure()
        shown = RichTable(title=table.title, title_justify="left")
        for column in table.columns:
            shown.add_column(column, justify="left" if column == table.columns[0] else "right")
        for row in table.rows:
            shown.add_row(*row)
        console.print(shown)
    console.print(f"Measured in {perf_counter() - start:.0f} s.")


if __name__ == "__main__":
    main()
