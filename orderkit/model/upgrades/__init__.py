"""Stored models of earlier releases, brought to the words of this one.

The chain is the tuple `STEPS`: the first leads from format 1 to 2, the next from 2 to 3, and so on. A step is
a module here, named by what changed (`amounts_have_currencies`), with one `Step` of two pure functions on JSON:
one for a whole project, one for a part that is stored by itself, such as the workflow that running records
follow. A step imports nothing of the model: what it knows is how things were written then, for ever.

Adding a step makes a new format. What is stored is never rewritten; it is read through the chain.
"""

from orderkit.model.upgrades.chain import Chain, Damaged, NewerFormat, Step, WrongFormat

STEPS: tuple[Step, ...] = ()
CHAIN = Chain(STEPS)

__all__ = ["CHAIN", "STEPS", "Chain", "Damaged", "NewerFormat", "Step", "WrongFormat"]
