"""What can go wrong, in the words of the command line."""

from __future__ import annotations


class Error(Exception):
    """Something that kept clearance from working. ``words`` say what is wrong, ``hint`` what to do
    next, where that is known."""

    def __init__(self, words: str, hint: str | None = None) -> None:
        super().__init__(words if hint is None else f"{words}\nhint: {hint}")
        self.words = words
        self.hint = hint

    def __reduce__(self) -> tuple[type[Error], tuple[str, str | None]]:
        return type(self), (self.words, self.hint)


class UsageError(Error, ValueError):
    """Arguments or settings that do not fit."""


class RegistryError(Error):
    """A registry or a catalog: missing, damaged, or changed meanwhile."""


class DatasetError(Error):
    """A dataset that cannot be read at all. Trouble with single files, rows and items is no error:
    it is in the coverage."""


class ResultsError(Error):
    """A folder of results or of shards: missing, damaged, incomplete, or of another scan."""


class MachineError(Error):
    """The machine: a file that cannot be opened or written, no space, no threads."""
