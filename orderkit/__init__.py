"""Configuration as code for order management: YAML in, a working order app out."""

__version__ = "0.1.0"
