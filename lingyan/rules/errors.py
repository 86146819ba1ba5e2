"""The two ways in which the policy engine says no: to what it is asked, and to a file of rules."""

from __future__ import annotations


class BadInput(ValueError):
    """A question or a profile that cannot be answered as given. The text is a sentence for the person who asked."""


class BadPolicyFile(ValueError):
    """A file of rules that cannot be used. It names the file, the line and what is wrong."""

    def __init__(self, file: str, line: int, sentence: str) -> None:
        super().__init__(f"{file}:{line}:{sentence}")
        self.file, self.line, self.sentence = file, line, sentence
