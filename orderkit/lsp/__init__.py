"""The language server: what `language.editing` knows, over the Language Server Protocol.

`projects` keeps texts as they are being written, `translating` turns places and findings into those of
the protocol, `server` answers. Nothing of a project is executed.
"""
