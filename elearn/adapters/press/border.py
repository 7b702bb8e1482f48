"""The border of a certificate: interlaced waves between two lines, as on bank notes, and the panel for the facts.

A copying machine blurs such fine lines, but they are here for their looks: what proves a certificate is its signature.
The waves are one small tile for the sides that lie and one for those that stand, drawn once and repeated by the PDF
itself: drawn out along the whole border they would take as long as the rest of the page.
"""

import base64
from functools import cache
from math import ceil

PAGE_MM = (297.0, 210.0)
EDGE_MM = 7.0
"""From the edge of the sheet to the outer line; printers at posts leave white what is nearer than 5 mm."""
BAND_MM = 6.0
INNER_MM = EDGE_MM + BAND_MM
PANEL_MM = 212.0
"""From the left to where the panel begins."""
WAVE_MM = 6.0

TEAL, PALE, GOLD, TINT = "#14505f", "#86abb3", "#cbaa68", "#f3f6f7"


@cache
def border_css() -> str:
    """Return the rules for the three elements behind everything else: ``.paper``, ``.across`` and ``.down``."""
    long, high = (side - 2 * INNER_MM for side in PAGE_MM)
    across, down = (side / round(side / WAVE_MM) for side in (long, high))
    lying, standing = _address(_waves(across, False)), _address(_waves(down, True))
    far_right, far_down = long + BAND_MM, high + BAND_MM
    tops = ", ".join(f"{lying} 0 {top}mm / {across:.5f}mm {BAND_MM}mm repeat-x" for top in (0, far_down))
    sides = ", ".join(f"{standing} {left}mm 0 / {BAND_MM}mm {down:.5f}mm repeat-y" for left in (0, far_right))
    return (
        _rule("paper", (0, 0, *PAGE_MM), f"{_address(_lines())} 0 0 / 100% 100%")
        + _rule("across", (INNER_MM, EDGE_MM, long, high + 2 * BAND_MM), tops)
        + _rule("down", (EDGE_MM, INNER_MM, long + 2 * BAND_MM, high), sides)
    )


def _rule(name: str, box: tuple[float, float, float, float], background: str) -> str:
    left, top, wide, high = box
    return f".{name} {{ left: {left}mm; top: {top}mm; width: {wide}mm; height: {high}mm; background: {background} }}\n"


def _lines() -> str:
    """Return what is not repeated: the panel, both lines, and a star in each corner."""
    wide, high = PAGE_MM
    edges = f'x="{EDGE_MM}" y="{EDGE_MM}" width="{wide - 2 * EDGE_MM}" height="{high - 2 * EDGE_MM}"'
    inner = f'x="{INNER_MM}" y="{INNER_MM}" width="{wide - 2 * INNER_MM}" height="{high - 2 * INNER_MM}"'
    panel_wide = wide - INNER_MM - PANEL_MM
    middle = EDGE_MM + BAND_MM / 2
    corners = [(x, y) for x in (middle, wide - middle) for y in (middle, high - middle)]
    return _svg(
        PAGE_MM,
        f'<rect x="{PANEL_MM}" y="{INNER_MM}" width="{panel_wide}" height="{high - 2 * INNER_MM}" fill="{TINT}"/>'
        f'<path fill="{TINT}" stroke="{GOLD}" stroke-width=".16" d="{"".join(_star(x, y) for x, y in corners)}"/>'
        f'<g fill="none" stroke="{TEAL}"><path stroke="{PALE}" stroke-width=".15" d="M{PANEL_MM},{INNER_MM}'
        f'V{high - INNER_MM}"/><rect {edges} stroke-width=".35"/><rect {inner} stroke-width=".15"/></g>',
    )


def _star(x: float, y: float) -> str:
    """Return two squares, one on its point, around a place."""
    side, point = 1.75, 2.45
    return (
        f"M{x - side:g},{y - side:g}h{2 * side:g}v{2 * side:g}h{-2 * side:g}z"
        f"M{x - point:g},{y:g}l{point:g},{-point:g} {point:g},{point:g} {-point:g},{point:g}z"
    )


def _waves(length: float, upright: bool) -> str:
    """Return the tile: four waves a quarter apart, and two lower ones half apart."""
    high = "".join(_wave(length, BAND_MM * 0.4, length * part / 4) for part in range(4))
    low = "".join(_wave(length, BAND_MM * 0.22, length * (part + 0.25) / 2) for part in range(2))
    turned = ' transform="matrix(0 1 1 0 0 0)"' if upright else ""
    shapes = f'<path stroke="{PALE}" d="{high}"/><path stroke="{GOLD}" d="{low}"/>'
    size = (BAND_MM, length) if upright else (length, BAND_MM)
    return _svg(size, f'<g fill="none" stroke-width=".12"{turned}>{shapes}</g>')


def _wave(length: float, reach: float, start: float) -> str:
    """Return a wave over the tile, from at or before its left edge to at or after its right one.

    Each half is one curve that mirrors the one before (``t``): half as much to read for the press as a sine's.
    """
    half = length / 2
    at, side = (start - half, -1) if start <= half else (start - length, 1)
    path = f"M{at:.4f},{BAND_MM / 2:g}q{half / 2:.4f},{side * 2 * reach:.4f} {half:.4f},0"
    for _ in range(ceil((length - at) / half) - 1):
        path += f"t{half:.4f},0"
    return path


def _svg(size: tuple[float, float], shapes: str) -> str:
    wide, high = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}mm" height="{high}mm" viewBox="0 0 {wide} {high}">'
        f"{shapes}</svg>"
    )


def _address(drawing: str) -> str:
    data = base64.b64encode(drawing.encode()).decode("ascii")
    return f"url(data:image/svg+xml;base64,{data})"
