"""The metadata to which all of orderkit's own tables belong."""

from sqlalchemy import MetaData

metadata = MetaData()
