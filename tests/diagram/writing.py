"""Random workflows as a consultant could write them: plain data that compiles."""

from hypothesis import strategies as st

FORM = b"""form: order
label: {zh: "\xe8\xae\xa2\xe5\x8d\x95", en: Order}
fields:
  total: {type: money, required: true, default: 0}
  kind: {type: choice, options: {standard: Standard, custom: Custom}, default: standard, required: true}
  need_by: {type: date, required: true}
  lines: {type: lines, fields: {qty: {type: integer, required: true}}}
"""
ROLES = {
    name: f"role: {name}\nlabel: {name}\nforms: {{order: {{read: true}}}}\n".encode()
    for name in ("sales", "boss")
}
TEXTS = st.sampled_from(("提交", "审批 <1>", 'a "b" & c', "退回: 重填", "Ship it", "#1, 加急", "no", "1.10"))
LABELS = st.one_of(TEXTS, st.fixed_dictionaries({"zh": TEXTS, "en": TEXTS}))
PEOPLE = st.sampled_from(("owner", "role(sales)", "manager_of(owner, 2)", "role(boss)"))
SEVERAL = st.one_of(PEOPLE, st.just(["owner", "role(boss)"]))
WHEN = st.sampled_from(("total > 1000", "kind == 'custom'", "total > 5 and need_by > today()"))
SPANS = st.sampled_from(("30min", "2d", "8wh", "3wd", "1mo"))
CLOCKS = st.fixed_dictionaries(
    {"due": SPANS},
    optional={
        "remind": st.lists(st.fixed_dictionaries({"before_due": SPANS}), min_size=1, max_size=2),
        "overdue": st.lists(
            st.fixed_dictionaries({"after_due": SPANS, "notify": PEOPLE}), min_size=1, max_size=2
        ),
    },
)
STEPS = st.fixed_dictionaries(
    {"approvers": SEVERAL},
    optional={
        "label": LABELS,
        "when": WHEN,
        "mode": st.sampled_from(("any", "all", "sequence", {"vote": ">= 60%"}, {"vote": "> 50%"})),
        "veto": st.sampled_from(("true", "false")),
        "sla": CLOCKS,
    },
)


def parts():
    return st.recursive(
        STEPS,
        lambda inner: st.one_of(
            st.builds(
                lambda first, last: {"choose": [*first, {"default": "true", "steps": last}]},
                st.lists(
                    st.fixed_dictionaries({"when": WHEN, "steps": st.lists(inner, max_size=2)}),
                    min_size=1,
                    max_size=2,
                ),
                st.lists(inner, max_size=2),
            ),
            st.builds(
                lambda join, branches: {"parallel": {"join": join, "branches": branches}},
                st.sampled_from(("all", "any", "first")),
                st.lists(
                    st.fixed_dictionaries({"steps": st.lists(inner, min_size=1, max_size=2)}),
                    min_size=2,
                    max_size=3,
                ),
            ),
            st.builds(
                lambda join, steps, more: {"foreach": "lines", **more, "join": join, "steps": steps},
                st.sampled_from(("all", "any")),
                st.lists(inner, min_size=1, max_size=2),
                st.sampled_from(({}, {"where": "item.qty > 3"})),
            ),
        ),
        max_leaves=5,
    )


def _numbered(written, taken):
    found = []
    for part in written:
        if "approvers" in part:
            taken.append(part)
            found.append({"id": f"step{len(taken)}", **part})
        elif "choose" in part:
            found.append(
                {"choose": [{**each, "steps": _numbered(each["steps"], taken)} for each in part["choose"]]}
            )
        elif "parallel" in part:
            block = part["parallel"]
            branches = [{**each, "steps": _numbered(each["steps"], taken)} for each in block["branches"]]
            found.append({"parallel": {**block, "branches": branches}})
        else:
            found.append({**part, "steps": _numbered(part["steps"], taken)})
    return found


@st.composite
def written_workflows(draw):
    """Draw a workflow in which every state leads on to the next, and some lead elsewhere too."""
    names = [f"s{index}" for index in range(draw(st.integers(1, 5)))]
    everything = [*names, "done", "gone"]
    states, transitions, approvals, timers = {}, {}, {}, {}
    for name, following in zip(names, [*names[1:], "done"], strict=True):
        state = {"label": draw(LABELS)}
        if draw(st.booleans()):
            state["holder"] = draw(SEVERAL)
        if name != names[0] and draw(st.booleans()):
            state["approval"] = f"check_{name}"
            approvals[f"check_{name}"] = {
                "approved": draw(
                    st.sampled_from(
                        (following, {"to": following, "after": [{"notify": "owner", "text": "ok"}]})
                    )
                ),
                "rejected": "gone",
                "returned": {"to": names[0]},
                "steps": _numbered(draw(st.lists(parts(), min_size=1, max_size=3)), []),
                **draw(
                    st.fixed_dictionaries(
                        {}, optional={"sla": CLOCKS, "label": LABELS, "if_empty": st.just("approve")}
                    )
                ),
            }
        else:
            transitions[f"go_{name}"] = {
                "from": name,
                "to": following,
                "by": draw(SEVERAL),
                "label": draw(LABELS),
            }
        states[name] = state
    states["done"] = {"final": "completed"}
    states["gone"] = {"final": "cancelled", "label": draw(LABELS)}
    open_ = [name for name in names if "approval" not in states[name]]
    for index in range(draw(st.integers(0, 3))):
        transitions[f"t{index}"] = {
            "from": draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)),
            "to": draw(st.sampled_from(everything)),
            "by": draw(PEOPLE),
            **draw(
                st.fixed_dictionaries(
                    {},
                    optional={
                        "do": st.just([{"set": {"kind": "custom"}}]),
                        "after": st.just([{"notify": "owner", "text": "{total}"}]),
                        "confirm": LABELS,
                    },
                )
            ),
        }
    if draw(st.booleans()):
        name = draw(st.sampled_from(open_))
        timers["late"] = {"in": name, "after": draw(SPANS), "do": [{"run": f"go_{name}"}]}
    if draw(st.booleans()):
        timers["stuck"] = {
            "in": draw(st.sampled_from(names)),
            "after": draw(SPANS),
            "every": "1d",
            "do": [{"notify": "owner", "text": "stuck"}],
        }
    written = {
        "workflow": "life",
        "label": draw(LABELS),
        "for": "order",
        "state": "status",
        "initial": names[0],
        "in_flight": draw(st.sampled_from(("pin", "migrate"))),
        "states": states,
        "transitions": transitions,
    }
    return written | ({"approvals": approvals} if approvals else {}) | ({"timers": timers} if timers else {})
