"""Three questions in three places: may this role use this route (`needs`), which rows (`visible_x` and `one`), is it allowed now (`move`, `Refused`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from lingyan.kernel.permissions import labels
from lingyan.kernel.refusals import Forbidden, NotVisible

PUBLIC = "public"
SIGNED_IN = "signed_in"
View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Row = TypeVar("Row", bound=Model)


def needs(permission: str) -> Callable[[View], View]:
    """The view is for persons who hold `permission` in some scope; anybody else gets 403, a stranger the sign-in page."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require(request.user, permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return wrap


def public(view: View) -> View:
    """The view is for everybody, signed in or not."""
    view.permission = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """The view is for every signed-in person and shows only what is their own."""
    view.permission = SIGNED_IN  # type: ignore[attr-defined]
    return view


def require(actor: Any, permission: str) -> None:
    """Refuse (403) unless `actor` holds `permission` in some scope."""
    if permission not in labels():
        raise LookupError(f"no such permission: {permission}")
    if not actor.may(permission):
        raise Forbidden(permission, _("您的身份不能“%(what)s”。需要的话，请找社区书记或区管理员开通。") % {"what": labels()[permission]})


def one(rows: QuerySet[Row], pk: Any) -> Row:
    """The row with this key among the rows this person may see, or `NotVisible`."""
    try:
        return rows.get(pk=pk)
    except (ObjectDoesNotExist, ValueError, TypeError, OverflowError) as missing:
        raise NotVisible from missing
