"""Tables as Markdown."""

from __future__ import annotations


def cell(value: float | None) -> str:
    """A number, or a dash for one that is not known."""
    return "-" if value is None else f"{value:.3f}"


def print_table(table: list[list[str]]) -> None:
    """Prints a table as Markdown."""
    print(*(f"| {' | '.join(line)} |" for line in [table[0], ["---"] * len(table[0]), *table[1:]]), sep="\n")
    print()
