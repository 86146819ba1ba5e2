"""Every change to persons, memberships and ways in."""

from lingyan.people.services.invitations import invite, redeem_invitation
from lingyan.people.services.locks import unlock_person
from lingyan.people.services.memberships import end_membership, grant_membership
from lingyan.people.services.passwords import change_password, set_password
from lingyan.people.services.persons import add_person, builtin_person, create_person, disable_person, enable_person, reveal_mobile
from lingyan.people.services.sessions import end_other_sessions, end_session
from lingyan.people.services.totp import disable_totp, enable_totp, remove_totp_of, renew_recovery_codes

__all__ = [
    "add_person",
    "builtin_person",
    "change_password",
    "create_person",
    "disable_person",
    "disable_totp",
    "enable_person",
    "enable_totp",
    "end_membership",
    "end_other_sessions",
    "end_session",
    "grant_membership",
    "invite",
    "redeem_invitation",
    "remove_totp_of",
    "renew_recovery_codes",
    "reveal_mobile",
    "set_password",
    "unlock_person",
]
