"""The persons and things of the demonstration, found by the names the texts use, through the doors of their modules."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from lingyan.cases.access import answerable_dispatches, visible_requests
from lingyan.people.models import Person
from lingyan.people.reads import person_called
from lingyan.people.services import builtin_person
from lingyan.registry.access import visible_departments, visible_enterprises, visible_grids, visible_micro_grids
from lingyan.registry.reads import named_rows

NAMESPACE = UUID("6c696e67-7961-6e20-6465-6d6f00000001")


def uuid_of(key: str) -> UUID:
    """The submission id of a story, the same in every installation."""
    return uuid5(NAMESPACE, key)


class Stage:
    """Finds by name what earlier acts have made; remembers what it has found."""

    def __init__(self, mobiles: dict[str, str], administrator: str, secretary: str, officers: dict[str, list[str]]) -> None:
        self.mobiles = mobiles
        self.officers = officers
        self.administrator_name, self.secretary_name = administrator, secretary
        self.persons: dict[str, Person] = {}
        self.ids: dict[tuple[str, str], int] = {}
        self.case_ids: dict[str, int] = {}

    @cached_property
    def system(self) -> Person:
        return builtin_person(Person.Builtin.SYSTEM)

    @cached_property
    def district_id(self) -> int:
        return named_rows("district").values_list("pk", flat=True).get()

    @cached_property
    def community_id(self) -> int:
        return named_rows("community").values_list("pk", flat=True).get()

    @property
    def administrator(self) -> Person:
        return self.person(self.administrator_name)

    @property
    def secretary(self) -> Person:
        return self.person(self.secretary_name)

    def person(self, name: str) -> Person:
        if name not in self.persons:
            found = person_called(self.mobiles[name])
            if found is None:
                raise LookupError(f"nobody is called {name} yet")
            self.persons[name] = found
        return self.persons[name]

    def is_known(self, name: str) -> bool:
        return name in self.persons or person_called(self.mobiles[name]) is not None

    def id_of(self, kind: str, name: str) -> int:
        """The key of a department, grid, enterprise, or of a micro-grid as “企业·微网格”."""
        if (kind, name) not in self.ids:
            rows: Any = {
                "department": lambda: visible_departments(self.administrator).filter(short_name=name),
                "grid": lambda: visible_grids(self.administrator).filter(name=name),
                "enterprise": lambda: visible_enterprises(self.administrator).filter(short_name=name),
                "micro_grid": lambda: visible_micro_grids(self.administrator).filter(enterprise__short_name=name.split("·")[0], name=name.split("·")[-1]),
            }[kind]()
            self.ids[kind, name] = rows.values_list("pk", flat=True).get()
        return self.ids[kind, name]

    def case_id(self, key: str) -> int:
        """The case of a story that has been opened."""
        if key not in self.case_ids:
            self.case_ids[key] = visible_requests(self.secretary).values_list("case_id", flat=True).get(client_uuid=uuid_of(key))
        return self.case_ids[key]

    def dispatch_id(self, key: str, department: str, by: Person) -> int:
        """The dispatch of a story to a department that it has not returned."""
        rows = answerable_dispatches(by).filter(case_id=self.case_id(key), department_id=self.id_of("department", department))
        return rows.exclude(state="returned").values_list("pk", flat=True).get()
