"""What a check may remember of the last one, so that it need not find everything out again.

Nothing here touches a disk: `entry` is the text that is kept, `sameness` says which changes of a file
change no finding. Where it is kept is the command line's business.
"""
