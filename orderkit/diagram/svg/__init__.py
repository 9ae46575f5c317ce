"""A placed picture as SVG: one file by itself, or a part of a page that follows the page's colours."""

from orderkit.diagram.svg.rendering import Lit, svg

__all__ = ["Lit", "svg"]
