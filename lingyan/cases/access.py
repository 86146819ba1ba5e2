"""Which cases, dispatches and lines a person sees. An employer never sees which worker asked, nor that one did."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from lingyan.cases.models import Case, Dispatch, Feedback, Progress, Request
from lingyan.people.models import Person
from lingyan.registry.access import communities_of
from lingyan.registry.reads import departments_of_communities


def requests_of(actor: Person, permission: str) -> Q:
    """The requests that are the actor's own, or were made in the name of an enterprise the actor speaks for."""
    scopes = actor.scopes(permission)
    condition = Q(for_enterprise_id__in=scopes.of("enterprise"))
    return condition | Q(asker=actor) if scopes.own else condition


def handled_cases(actor: Person) -> QuerySet[Case]:
    """The cases the actor meets as one who handles them: by community or district, or by a dispatch to their department."""
    departments = actor.scopes("cases.view_case").of("department")
    return Case.objects.filter(
        Q(community_id__in=communities_of(actor, "cases.view_case").values("pk"))
        | Q(Exists(Dispatch.objects.filter(case=OuterRef("pk"), department_id__in=departments)))
    )


def visible_cases(actor: Person) -> QuerySet[Case]:
    """Those one handles, and those one asked or one's enterprise asked."""
    asked = Request.objects.filter(requests_of(actor, "cases.view_case"))
    return Case.objects.filter(Q(pk__in=handled_cases(actor).values("pk")) | Q(pk__in=asked.values("case_id")))


def staffed_cases(actor: Person, permission: str) -> QuerySet[Case]:
    """The cases in the communities over which the actor holds `permission`."""
    return Case.objects.filter(community_id__in=communities_of(actor, permission).values("pk"))


def confirmable_cases(actor: Person) -> QuerySet[Case]:
    """The cases whose asker, or whose asking enterprise's contact, the actor is."""
    return Case.objects.filter(Exists(Request.objects.filter(requests_of(actor, "cases.confirm_answer"), case=OuterRef("pk"))))


def is_staff_for(actor: Person, case: Case) -> bool:
    """Whether the actor meets this case as one who handles it, not as its asker."""
    return handled_cases(actor).filter(pk=case.pk).exists()


def visible_requests(actor: Person) -> QuerySet[Request]:
    """The requests of visible cases; an asker sees only their own share of a case."""
    return Request.objects.filter(Q(case_id__in=handled_cases(actor).values("pk")) | requests_of(actor, "cases.view_case"))


def visible_progress(actor: Person) -> QuerySet[Progress]:
    """The lines of visible cases; an asker sees those meant for them."""
    asked = Request.objects.filter(requests_of(actor, "cases.view_case"))
    return Progress.objects.filter(Q(case_id__in=handled_cases(actor).values("pk")) | Q(is_for_asker=True, case_id__in=asked.values("case_id")))


def answerable_dispatches(actor: Person) -> QuerySet[Dispatch]:
    """The dispatches to the actor's department, and those to the community itself where the actor may answer for it."""
    departments = actor.scopes("cases.answer_dispatch").of("department")
    ourselves = departments_of_communities()
    return Dispatch.objects.filter(
        Q(department_id__in=departments)
        | Q(department_id__in=ourselves.values("pk"), case_id__in=staffed_cases(actor, "cases.answer_for_community").values("pk"))
    )


def visible_feedback(actor: Person) -> QuerySet[Feedback]:
    """One's own, and those to the district one answers for."""
    return Feedback.objects.filter(Q(person=actor) | Q(district_id__in=actor.scopes("cases.answer_feedback").of("district")))
