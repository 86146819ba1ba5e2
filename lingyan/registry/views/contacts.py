"""Whom to ask for at an enterprise: adding, ending, and seeing a whole number for a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lingyan.kernel.access import needs, one
from lingyan.kernel.refusals import NotVisible, Refused, refusals_on
from lingyan.people.models import Person
from lingyan.people.reads import masked_mobile
from lingyan.people.services import reveal_mobile
from lingyan.registry import services
from lingyan.registry.access import contacts_of, enterprises_of, visible_enterprises
from lingyan.registry.forms import ContactForm, ReasonForm
from lingyan.registry.models import Enterprise
from lingyan.registry.reads import present_contacts


def register(request: HttpRequest, enterprise: Enterprise, form: ContactForm) -> str:
    """Write the contact down. Gives the sentence that asks for confirmation when the number belongs to somebody already, else empty."""
    values = form.cleaned_data
    confirmed = values.pop("same_person") == values["mobile"].strip()
    try:
        services.register_contact(actor=request.user, enterprise_id=enterprise.pk, same_person=confirmed, **values)
    except Refused as refused:
        if refused.code == "contact.known_mobile":
            return refused.sentence
        with refusals_on(form):
            raise
    return ""


@needs("registry.edit_contact")
@require_http_methods(["GET", "HEAD", "POST"])
def contact_list(request: HttpRequest, enterprise_id: int) -> HttpResponse:
    enterprise = one(enterprises_of(request.user, "registry.edit_contact").select_related("community"), enterprise_id)  # type: ignore[arg-type]
    form = ContactForm(request.POST or None)
    question = ""
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"].strip()
        question = register(request, enterprise, form)
        if not question and not form.errors:
            messages.success(request, _("记下了：%(name)s。要他能登录，到“人员”里发一条邀请链接。") % {"name": name})
            return redirect("registry:contacts", enterprise_id=enterprise.pk)
    if question:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["same_person"] = form.data["mobile"].strip()
    elif form.is_bound and form["same_person"].value():
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["same_person"] = ""
    return render(
        request,
        "registry/contact_list.html",
        {
            "enterprise": enterprise,
            "contacts": [{"contact": contact, "mobile": masked_mobile(contact.person.mobile)} for contact in present_contacts(enterprise)],
            "form": form,
            "question": question,
        },
        status=422 if form.errors or question else 200,
    )


@needs("registry.edit_contact")
@require_POST
def contact_end(request: HttpRequest, contact_id: int) -> HttpResponse:
    contact = one(contacts_of(request.user, "registry.edit_contact").select_related("person"), contact_id)  # type: ignore[arg-type]
    services.end_contact(actor=request.user, contact_id=contact.pk)
    messages.success(request, _("%(name)s不再是这家的联系人。") % {"name": contact.person.name})
    return redirect("registry:contacts", enterprise_id=contact.enterprise_id)


def one_person_here(actor: Person, enterprise: Enterprise, person_id: int) -> Person:
    """A contact of this enterprise, or the leader of its grid."""
    persons = [contact.person for contact in present_contacts(enterprise)]
    if enterprise.grid and enterprise.grid.leader:
        persons.append(enterprise.grid.leader)
    for person in persons:
        if person.pk == person_id:
            return person
    raise NotVisible


@needs("people.reveal_mobile")
@require_http_methods(["GET", "HEAD", "POST"])
def mobile_reveal(request: HttpRequest, enterprise_id: int, person_id: int) -> HttpResponse:
    actor: Person = request.user  # type: ignore[assignment]
    enterprise = one(visible_enterprises(actor).select_related("grid__leader"), enterprise_id)
    person = one_person_here(actor, enterprise, person_id)
    form = ReasonForm(request.POST or None, auto_id=f"id_{person.pk}_%s")
    mobile = ""
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            mobile = reveal_mobile(person_id=person.pk, actor=actor, reason=form.cleaned_data["reason"])
    context = {
        "enterprise": enterprise,
        "person": person,
        "form": form,
        "mobile": mobile,
        "masked": masked_mobile(person.mobile),
        "back": reverse("registry:enterprise", args=[enterprise.pk]),
    }
    template = "registry/mobile_reveal.html#reach" if request.htmx else "registry/mobile_reveal.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=422 if form.errors else 200)
