"""The GeoPackage of a plan: its layers, and how QGIS draws them, in Vietnamese and English."""

from planner.layers.write import write_layers

__all__ = ["write_layers"]
