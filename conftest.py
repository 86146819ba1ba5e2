"""For every test of the house: the cast of persons (`tests/cast.py`). What the tests run in is `tests/engine.py`."""

from importlib.util import find_spec

pytest_plugins = ["tests.cast"] if find_spec("tests.cast") else []
