"""What goes wrong, and what may be wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where in the input something is; a part that does not apply is None.

    `row` counts the rows of data from 1, without the header; `line` counts the lines of text from 1, with it.
    """

    file: str | None = None
    row: int | None = None
    line: int | None = None
    column: str | None = None


# Codes of refusals whose place is a key of the plan and not a column of the data.
_OF_THE_PLAN = {"badPlan", "missingColumn", "ambiguousColumn"}


class Error(Exception):
    """A refusal of the data or of the settings; nothing was written.

    code     "badPlan", "missingColumn", "badRows", "unreadable", "wrongUse", ...; "killed" where a signal ended the engine and
             "failed" where it ended without a word of its own
    message  the place, what was found and the rule, in one sentence
    key      the key of the plan that it is about, as "session.gapHours", or None
    place    file, row, line and column, as far as they are known
    """

    def __init__(self, code: str, message: str, key: str | None = None, place: Place | None = None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.key = key
        self.place = place or Place()

    def __reduce__(self):
        return Error, (self.code, self.message, self.key, self.place)

    @classmethod
    def of(cls, refusal: dict) -> Error:
        """Of the command's {"code", "message", "where"}."""
        where = dict(refusal.get("where") or {})
        key = where.pop("column", None) if refusal["code"] in _OF_THE_PLAN else None
        return cls(refusal["code"], refusal["message"], key, Place(**where))


class Notice(UserWarning):
    """What may be wrong with the data or the plan although the run went through."""
