"""Rows as aligned columns."""

from __future__ import annotations


def aligned(rows: list[list[str]]) -> str:
    """Return rows as columns: text left, numbers right; rows of one cell are headings."""
    wide = [row for row in rows if len(row) > 1]
    widths = [max(len(row[i]) for row in wide) for i in range(len(wide[0]))]
    lines = []
    for row in rows:
        if len(row) == 1:
            lines += ["", row[0]]
            continue
        cells = [row[0].ljust(widths[0])] + [
            cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines).strip("\n")
