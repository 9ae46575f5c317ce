"""What to load before writing the titles of a form, worked out once for each form."""

from orderkit.engine.rows.reads import Steps, path_steps, reads_of
from orderkit.engine.runtime import Runtime
from orderkit.model.forms import Form, FormId


class TitleSteps(dict[FormId, Steps]):
    """Steps by form."""


def title_steps_of(runtime: Runtime, form: Form) -> Steps:
    """Return the steps that a title of `form` needs."""
    known = runtime.keep(TitleSteps, TitleSteps)
    steps = known.get(form.id)
    if steps is None:
        steps = known[form.id] = path_steps(reads_of(runtime.project, form.title, form.id))
    return steps
