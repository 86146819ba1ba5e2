"""For every test of the house: the cast of persons (`tests/cast.py`) and a browser (`tests/browser.py`). What the tests run in is `tests/engine.py`."""

pytest_plugins = ["tests.cast", "tests.browser"]
