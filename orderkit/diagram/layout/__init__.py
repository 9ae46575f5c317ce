"""Places for the shapes of a graph: ranks, rows, ways between them, and where their labels stand.

The layered method: backward ways are set aside, a shape's rank is the longest way to it, the order in
a rank follows the neighbours. Shapes stand in the cells of a grid and ways run in the channels between
the cells, so that no way ever crosses a shape.
"""

from orderkit.diagram.layout.drawing import Direction, Drawn, DrawnEdge, DrawnLabel, DrawnNode, DrawnTimer
from orderkit.diagram.layout.placing import drawn

__all__ = ["Direction", "Drawn", "DrawnEdge", "DrawnLabel", "DrawnNode", "DrawnTimer", "drawn"]
