"""The laws of a picture: nothing on top of anything else, whatever the workflow looks like."""

from itertools import combinations, pairwise

from hypothesis import given, settings

from orderkit.diagram.layout import Direction, drawn
from orderkit.diagram.layout.drawing import Box
from orderkit.diagram.lettering import width_of
from orderkit.diagram.life import life_graph
from orderkit.diagram.process import process_graph
from tests.diagram.drawing import graphs, workflows


def levels(picture):
    """Yield each level of a picture with the box that holds it."""
    yield picture, Box(0, 0, picture.width, picture.height)
    for node in picture.nodes:
        if node.inner is not None:
            for level, box in levels(node.inner):
                yield level, node.box if level is node.inner else box


def boxes(node):
    """Return the outlines of a shape and the clocks on its edge."""
    return [node.box, *(timer.box for timer in node.timers)]


def meets(box, start, end):
    """Return whether a straight piece of a way runs through the inside of a box."""
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    return left < box.right and right > box.x and top < box.bottom and bottom > box.y


def check(picture):
    for level, around in levels(picture):
        for one, other in combinations(level.nodes, 2):
            assert not any(a.overlaps(b) for a in boxes(one) for b in boxes(other)), (one, other)
        for edge in level.edges:
            assert len(edge.points) >= 2
            for start, end in pairwise(edge.points):
                assert start[0] == end[0] or start[1] == end[1], "a way turns at right angles"
                for node in level.nodes:
                    of_timer = {timer.timer.id: timer.box for timer in node.timers}
                    met = [node.box, *(box for name, box in of_timer.items() if name != edge.edge.timer)]
                    assert not any(meets(box, start, end) for box in met), (edge, node)
            assert on_edge(level, edge)
        for node in level.nodes:
            assert around.x <= node.box.x
            assert node.box.right <= around.right
            assert around.y <= node.box.y
            assert node.box.bottom <= around.bottom
        for edge in level.edges:
            for x, y in edge.points:
                assert around.x <= x <= around.right
                assert around.y <= y <= around.bottom


def on_edge(level, edge):
    """Return whether a way begins and ends at its own shapes."""
    by_id = {node.node.id: node for node in level.nodes}
    source, target = by_id[edge.edge.source], by_id[edge.edge.target]
    start_box = source.box
    for timer in source.timers:
        if timer.timer.id == edge.edge.timer:
            start_box = timer.box
    return touches(start_box, edge.points[0]) and touches(target.box, edge.points[-1])


def touches(box, point):
    x, y = point
    inside = box.x <= x <= box.right and box.y <= y <= box.bottom
    return inside and (x in {box.x, box.right} or y in {box.y, box.bottom})


@settings(max_examples=25)
@given(workflows())
def test_no_shape_of_a_process_lies_on_another_and_no_way_runs_through_one(workflow) -> None:
    check(drawn(process_graph(workflow), "zh"))


@settings(max_examples=25)
@given(workflows())
def test_no_shape_of_a_life_lies_on_another_and_no_way_runs_through_one(workflow) -> None:
    for is_opened in (False, True):
        for direction in Direction:
            check(drawn(life_graph(workflow, is_opened=is_opened), "en", direction=direction))


@settings(max_examples=100)
@given(graphs())
def test_no_graph_whatever_breaks_the_laws(graph) -> None:
    check(drawn(graph, "zh"))


@settings(max_examples=25)
@given(workflows())
def test_texts_stay_within_their_shapes(workflow) -> None:
    for node in drawn(process_graph(workflow), "zh").all_nodes():
        for line in node.label.lines:
            assert width_of(line, 11) <= node.label.box.width + 1
        if node.box.width > 50:
            assert node.box.x <= node.label.box.x
            assert node.label.box.right <= node.box.right
            assert node.box.y <= node.label.box.y
            assert node.label.box.bottom <= node.box.bottom
            if node.note is not None:
                assert node.note.box.bottom <= node.box.bottom


@settings(max_examples=25)
@given(workflows())
def test_the_same_workflow_is_drawn_the_same(workflow) -> None:
    assert drawn(process_graph(workflow), "zh") == drawn(process_graph(workflow), "zh")


@settings(max_examples=25)
@given(workflows())
def test_the_way_of_most_records_is_one_line(workflow) -> None:
    graph = process_graph(workflow)
    picture = drawn(graph, "zh")
    centres = [
        (node.box.x + node.box.width // 2, node.box.y + node.box.height // 2)
        for name in graph.main
        for node in picture.nodes
        if node.node.id == name
    ]
    assert len({y for _, y in centres}) == 1
    assert [x for x, _ in centres] == sorted(x for x, _ in centres)


@settings(max_examples=25)
@given(workflows())
def test_what_is_said_on_a_way_stands_on_no_shape(workflow) -> None:
    for level, _ in levels(drawn(process_graph(workflow), "zh")):
        for edge in level.edges:
            if edge.label is not None:
                assert not any(edge.label.box.overlaps(node.box) for node in level.nodes), edge
