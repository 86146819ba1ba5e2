"""领雁: the operating system of an industrial community."""

__version__ = "0.1.0"
