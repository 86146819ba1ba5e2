"""State machines: a table on the model and one `move`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _

from lingyan.kernel.refusals import Refused


class Stateful:
    """For a model with a `state` field and a MOVES table. Only `move` may set `state`.

    MOVES: move name → (states it may start from, state it ends in). MOVE_LABELS: move name → the verb a person would say.
    """

    MOVES: ClassVar[dict[str, tuple[set[Any], Any]]]
    MOVE_LABELS: ClassVar[dict[str, Any]] = {}
    state: Any

    @property
    def possible_moves(self) -> list[str]:
        return [name for name, (sources, _target) in self.MOVES.items() if self.state in sources]

    def move(self, name: str) -> None:
        """Change `state` in memory, or refuse. The service saves."""
        if name not in self.possible_moves:
            raise Refused(
                "state.wrong",
                _("现在是“%(state)s”，不能%(move)s。") % {"state": self.get_state_display(), "move": self.MOVE_LABELS.get(name, name)},  # type: ignore[attr-defined]
            )
        self.state = self.MOVES[name][1]
