"""Rules for passwords: Django's own in the words of the house, kinds of characters, and not one of the last."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator, UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class LengthValidator(MinimumLengthValidator):
    """Long enough not to be tried out."""

    def get_error_message(self) -> str:
        return _("密码至少要 %(least)d 个字符。") % {"least": self.min_length}

    get_help_text = get_error_message


class LikenessValidator(UserAttributeSimilarityValidator):
    """Not like the name, the user name or the mobile number."""

    def get_error_message(self) -> str:
        return _("密码和%(verbose_name)s太像了。")

    def get_help_text(self) -> str:
        return _("密码不要和姓名、用户名、手机号像。")


class NotCommonValidator(CommonPasswordValidator):
    """Not one of the twenty thousand that everybody tries first."""

    def get_error_message(self) -> str:
        return _("这个密码太常见，一猜就中。")

    get_help_text = get_error_message


class KindsOfCharactersValidator:
    """At least three of: capital letters, small letters, digits, anything else."""

    def __init__(self, kinds: int = 3) -> None:
        self.kinds = kinds

    def validate(self, password: str, user: Any = None) -> None:
        found = {self.kind_of(character) for character in password}
        if len(found) < self.kinds:
            raise ValidationError(self.get_help_text(), code="password_kinds")

    @staticmethod
    def kind_of(character: str) -> str:
        if character.isascii() and character.isupper():
            return "capital"
        if character.isascii() and character.islower():
            return "small"
        return "digit" if character.isdigit() else "other"

    def get_help_text(self) -> str:
        return _("大写字母、小写字母、数字、符号，至少要用三样。")


class ReuseValidator:
    """None of the last five passwords, the present one among them."""

    def __init__(self, kept: int = 5) -> None:
        self.kept = kept

    def validate(self, password: str, user: Any = None) -> None:
        if user is None or user.pk is None:
            return
        former = user.former_passwords.order_by("-replaced_at", "-pk").values_list("hash", flat=True)[: self.kept - 1]
        last = [*([user.password] if user.has_usable_password() else []), *former]
        if any(check_password(password, encoded) for encoded in last):
            raise ValidationError(self.get_help_text(), code="password_reused")

    def get_help_text(self) -> str:
        return _("最近用过的五个密码不能再用。")
