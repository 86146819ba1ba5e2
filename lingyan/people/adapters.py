"""How allauth's second step fits this house: the secrets of the authenticator apps are encrypted in the database."""

from __future__ import annotations

import base64
import hashlib
import logging

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

logger = logging.getLogger(__name__)


def box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"lingyan totp:" + settings.SECRET_KEY.encode()).digest()))


class MFAAdapter(DefaultMFAAdapter):
    """A copy of the database alone is not enough to make codes: the key is the installation's secret key."""

    def encrypt(self, text: str) -> str:
        return box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret, or an empty text when it was encrypted under another key: then no code fits, and the second step can be taken off."""
        try:
            return box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.warning("a second step was set up under another secret key; take it off on the person's page")
            return ""
