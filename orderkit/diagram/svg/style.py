"""The colours of a picture that stands by itself, light and dark; a page brings its own, by the same classes."""

STYLE = """
.flow-picture { --paper: #ffffff; --ink: #1d2939; --line: #667085; --shape: #f5f7fa; --edge: #98a2b3; --good: #067647; --bad: #b42318; --now: #1d4ed8; --now-shape: #dbe6ff; background: var(--paper); font-family: system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
@media (prefers-color-scheme: dark) { .flow-picture { --paper: #101828; --ink: #e6eaf0; --line: #98a2b3; --shape: #1d2939; --edge: #667085; --good: #47cd89; --bad: #f97066; --now: #84adff; --now-shape: #1e3a75; } }
.flow-shape { fill: var(--shape); stroke: var(--edge); stroke-width: 1.5; }
.flow-node.is-end .flow-shape, .flow-node.is-done .flow-shape, .flow-node.is-given-up .flow-shape { stroke-width: 3; }
.flow-node.is-done > .flow-shape { stroke: var(--good); }
.flow-node.is-given-up > .flow-shape { stroke: var(--bad); }
.flow-node.is-block > .flow-shape { fill: none; }
.flow-sign { fill: none; stroke: var(--line); stroke-width: 1.5; }
.flow-text { fill: var(--ink); font-size: 12px; text-anchor: middle; }
.flow-text.is-small { fill: var(--line); font-size: 11px; }
.flow-text.is-way { fill: var(--ink); font-size: 11px; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.flow-way { fill: none; stroke: var(--line); stroke-width: 1.5; }
.flow-way.is-rare { stroke-dasharray: 5 4; }
.flow-arrow { fill: var(--line); }
.flow-way.is-walked { stroke: var(--now); stroke-width: 2.5; stroke-dasharray: none; }
.flow-arrow.is-walked { fill: var(--now); }
.flow-node.is-walked > .flow-shape { stroke: var(--now); }
.flow-node.is-now > .flow-shape { fill: var(--now-shape); stroke: var(--now); stroke-width: 3; }
.flow-node.is-block.is-now > .flow-shape { fill: none; }
.flow-node.is-now > .flow-text { font-weight: 600; }
"""
