"""The colours of a picture that stands by itself, light and dark; a page brings its own, by the same classes."""

STYLE = """
.life-picture { --paper: #ffffff; --ink: #1d2939; --line: #667085; --shape: #f5f7fa; --edge: #98a2b3; --good: #067647; --bad: #b42318; --now: #1d4ed8; --now-shape: #dbe6ff; background: var(--paper); font-family: system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
@media (prefers-color-scheme: dark) { .life-picture { --paper: #101828; --ink: #e6eaf0; --line: #98a2b3; --shape: #1d2939; --edge: #667085; --good: #47cd89; --bad: #f97066; --now: #84adff; --now-shape: #1e3a75; } }
.life-shape { fill: var(--shape); stroke: var(--edge); stroke-width: 1.5; }
.life-node.is-end .life-shape, .life-node.is-done .life-shape, .life-node.is-given-up .life-shape { stroke-width: 3; }
.life-node.is-done > .life-shape { stroke: var(--good); }
.life-node.is-given-up > .life-shape { stroke: var(--bad); }
.life-node.is-block > .life-shape { fill: none; }
.life-node.is-approval > .life-shape { stroke-dasharray: none; stroke-width: 2; }
.life-sign { fill: none; stroke: var(--line); stroke-width: 1.5; }
.life-text { fill: var(--ink); font-size: 12px; text-anchor: middle; }
.life-text.is-small { fill: var(--line); font-size: 11px; }
.life-text.is-way { fill: var(--ink); font-size: 11px; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.life-way { fill: none; stroke: var(--line); stroke-width: 1.5; }
.life-way.is-rare { stroke-dasharray: 5 4; }
.life-arrow { fill: var(--line); }
.life-way.is-walked { stroke: var(--now); stroke-width: 2.5; stroke-dasharray: none; }
.life-arrow.is-walked { fill: var(--now); }
.life-node.is-walked > .life-shape { stroke: var(--now); }
.life-node.is-now > .life-shape { fill: var(--now-shape); stroke: var(--now); stroke-width: 3; }
.life-node.is-now > .life-text { font-weight: 600; }
"""
