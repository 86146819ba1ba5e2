"""Questions others may ask about persons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lingyan.kernel.clock import now
from lingyan.kernel.wires import wire
from lingyan.people.access import grantor_scopes
from lingyan.people.identifiers import compact, mobile_of
from lingyan.people.models import ROLE_KINDS, Invitation, Membership, Person, Role

MOST_CHOICES = 200

# The icon of a role in lists of persons.
ROLE_ICONS: dict[str, str] = {
    Role.DISTRICT_ADMINISTRATOR: "map",
    Role.SECRETARY: "layout-dashboard",
    Role.SOCIAL_WORKER: "footprints",
    Role.DEPARTMENT_OFFICER: "landmark",
    Role.POSTED_CADRE: "shirt",
    Role.ENTERPRISE_CONTACT: "factory",
    Role.WORKER: "volleyball",
    Role.VOLUNTEER: "heart-handshake",
    Role.MICRO_GRID_MEMBER: "users",
    Role.LAWYER: "scale",
    Role.AUDITOR: "scroll-text",
}


def masked_mobile(mobile: str | None) -> str:
    """138****2046; empty without a number."""
    return f"{mobile[:3]}****{mobile[-4:]}" if mobile else ""


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """The names of persons by their key, in one query; those that are gone are left out."""
    return dict(Person.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def ids_named(words: str, most: int = MOST_CHOICES) -> list[int]:
    """The keys of persons whose name holds these words, at most `most`."""
    return list(Person.objects.filter(name__icontains=words.strip()).order_by("pk").values_list("pk", flat=True)[:most]) if words.strip() else []


def members(*, roles: Iterable[str], scope_kind: str, scope_ids: Any) -> QuerySet[Membership]:
    """The present memberships in these roles over these scopes (a collection of ids or a query), with their persons, first appointed first."""
    held = Membership.objects.filter(role__in=roles, scope_kind=scope_kind, scope_id__in=scope_ids, ended_at=None)
    return held.select_related("person").order_by("pk")


def persons_in(*, role: str, scope_kind: str, scope_id: int) -> list[Person]:
    """The persons who hold a role over exactly this scope, in the order they were appointed."""
    return [membership.person for membership in members(roles=[role], scope_kind=scope_kind, scope_ids=[scope_id])]


def persons_with(ids: Any) -> QuerySet[Person]:
    """The persons with these keys (a collection or a query) who can act: no built-in ones, none who was disabled."""
    return Person.objects.filter(pk__in=ids, is_active=True, builtin=None)


def role_line(person: Person) -> str:
    """What a person is here, in one line: “社工·灵峰工业社区”. At most two queries."""
    memberships = person.active_memberships
    names = wire("SCOPE_FINDERS").names_of({(membership.scope_kind, membership.scope_id) for membership in memberships})
    return "；".join(membership_line(membership, names) for membership in memberships) or _("还没有身份")


def role_lines(persons: Sequence[Person]) -> dict[int, list[str]]:
    """The roles of many persons in words, by the person's key: two queries, however many they are."""
    rows = list(Membership.objects.filter(person__in=[person.pk for person in persons], ended_at=None).order_by("pk"))
    names = wire("SCOPE_FINDERS").names_of({(row.scope_kind, row.scope_id) for row in rows})
    lines: dict[int, list[str]] = {person.pk: [] for person in persons}
    for row in rows:
        lines[row.person_id].append(membership_line(row, names))
    return lines


def membership_line(membership: Membership, names: dict[tuple[str, int], str]) -> str:
    """One role in words: “社工·灵峰工业社区”."""
    scope = names.get((membership.scope_kind, membership.scope_id), "")
    return "·".join(str(part) for part in (membership.title or membership.get_role_display(), scope) if part)


def with_scope_names(memberships: Iterable[Membership]) -> list[Membership]:
    """The same memberships, each with its `scope_name` ("" when the scope is gone), `icon` and `icon_css`: one query for all."""
    rows = list(memberships)
    names = wire("SCOPE_FINDERS").names_of({(row.scope_kind, row.scope_id) for row in rows})
    for row in rows:
        row.scope_name = names.get((row.scope_kind, row.scope_id), "")  # type: ignore[attr-defined]
        row.icon = ROLE_ICONS[row.role]  # type: ignore[attr-defined]
        row.icon_css = "vest" if row.role == Role.POSTED_CADRE else ""  # type: ignore[attr-defined]
    return rows


def person_called(identifier: str) -> Person | None:
    """The person with this user name or mobile number, however it is typed; None when nobody is."""
    username, mobile = compact(identifier), mobile_of(identifier)
    if not username:
        return None
    return Person.objects.filter(builtin__isnull=True).filter(Q(username=username) | Q(mobile=mobile, mobile__isnull=False)).first()


def persons_matching(rows: QuerySet[Person], words: str) -> QuerySet[Person]:
    """Those whose name holds these words, or whose mobile number is this or ends in these four digits.

    Five to ten digits find nobody: a masked number could be guessed digit by digit.
    """
    words = words.strip()
    digits = compact(words)
    if mobile_of(digits):
        return rows.filter(mobile=mobile_of(digits))
    if digits.isdigit() and len(digits) == 4:
        return rows.filter(Q(mobile__endswith=digits) | Q(name__icontains=words))
    return rows.filter(Q(name__icontains=words) | Q(username=digits)) if words else rows


def scope_choices(actor: Person, role: str, words: str = "", most: int = MOST_CHOICES) -> list[tuple[str, int, str]]:
    """(kind, id, name) of the scopes over which `actor` may give this role, at most `most`, narrowed by `words` in the name."""
    return wire("SCOPE_FINDERS").choices_within(grantor_scopes(actor, role), ROLE_KINDS[role], words, most)


def personas() -> list[dict[str, Any]]:
    """The persons of the demonstration for the sign-in page: person, role in words, what waits for them, icon."""
    persons = list(Person.objects.filter(is_persona=True, is_active=True).order_by("pk"))
    if not persons:
        return []
    roles = role_lines(persons)
    lines = persona_lines(persons)
    first_roles = dict(Membership.objects.filter(person__in=persons, ended_at=None).order_by("-pk").values_list("person_id", "role"))
    return [
        {
            "person": person,
            "roles": lines.get(person.pk, {}).get("role_line") or "；".join(roles[person.pk]),
            "line": lines.get(person.pk, {}).get("line", ""),
            "icon": lines.get(person.pk, {}).get("icon") or ROLE_ICONS.get(first_roles.get(person.pk, ""), "user-round"),
            "role": first_roles.get(person.pk, ""),
        }
        for person in persons
    ]


def persona_lines(persons: Sequence[Person]) -> dict[int, dict[str, str]]:
    """What the house says about each persona, as person key → {"line": …, "icon": …, "role_line": …}; nothing where no wire is laid."""
    try:
        says = wire("PERSONA_LINES")
    except AttributeError:
        return {}
    return says(persons)


def place_name() -> str:
    """What this installation calls itself on the cover, before anybody has signed in."""
    return wire("SCOPE_FINDERS").place_name()


def open_invitation_of(person: Person) -> Invitation | None:
    """The link this person has been given and not yet used, if it still holds."""
    return person.invitations.filter(used_at=None, expires_at__gt=now()).select_related("created_by").order_by("-pk").first()
