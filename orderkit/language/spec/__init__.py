"""The words: which kinds there are, which keys each has, how the value of each is read.

One module a kind in `kinds/`, and one for each part that stands within kinds in `parts/`: declarative,
so that JSON Schema and reference pages can be made from them. What names refer to and whether
expressions fit is `compile`'s business.
"""

from orderkit.language.spec.kinds import KINDS, kinds_among, kinds_with_word
from orderkit.language.spec.words import Key, Reading, Words, Written

__all__ = ["KINDS", "Key", "Reading", "Words", "Written", "kinds_among", "kinds_with_word"]
