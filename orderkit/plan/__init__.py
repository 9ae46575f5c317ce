"""What a change of a project means for people, data and other systems: two models in, one `Plan` out.

`planning.plan` finds it, `formats` write it, `facts` adds what a live database knows. Nothing here reads
a file, asks a database or runs what a project brings; `orderkit.cli.planning` does the reading.
"""
