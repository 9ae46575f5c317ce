"""Pictures of workflows: from the compiled model to SVG, Mermaid and BPMN 2.0.

`life` and `process` make a graph of a workflow, `layout` gives every shape its place, and `svg`,
`mermaid` and `bpmn` write it down. Nothing here reads or writes a file, and the same workflow gives the
same bytes.
"""
