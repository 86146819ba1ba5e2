"""What each role may do: role → permission → reach. Default deny: what is not here is refused. `lingyan roles` prints it.

Reach SCOPE: the whole scope of the membership (district, community, department, enterprise, micro-grid). Reach OWN: the person's own rows only.
"""

from __future__ import annotations

from lingyan.people.scopes import OWN, SCOPE

# What every person who has some role here may do for themselves.
EVERYBODY = {
    "cases.raise_request": OWN,
    "cases.view_case": OWN,
    "cases.confirm_answer": OWN,
}

COMMUNITY_STAFF = {
    "registry.view_community": SCOPE,
    "registry.view_department": SCOPE,
    "registry.view_enterprise": SCOPE,
    "registry.edit_enterprise": SCOPE,
    "registry.view_contact": SCOPE,
    "registry.edit_contact": SCOPE,
    "people.view_person": SCOPE,
    "people.add_person": SCOPE,
    "people.reveal_mobile": SCOPE,
    "cases.view_case": SCOPE,
    "cases.register_request": SCOPE,
    "cases.dispatch_case": SCOPE,
    "cases.remind_department": SCOPE,
    "cases.call_asker": SCOPE,
    "cases.resolve_on_site": SCOPE,
    "cases.answer_for_community": SCOPE,
    "cases.call_back": SCOPE,
    "cases.view_asker": SCOPE,
    "visits.view_note": SCOPE,
    "visits.write_note": SCOPE,
    "overview.view_overview": SCOPE,
}

ROLES: dict[str, dict[str, str]] = {
    "district_administrator": EVERYBODY
    | {
        "registry.view_community": SCOPE,
        "registry.edit_community": SCOPE,
        "registry.view_department": SCOPE,
        "registry.edit_department": SCOPE,
        "registry.view_enterprise": SCOPE,
        "registry.view_contact": SCOPE,
        "people.view_person": SCOPE,
        "people.add_person": SCOPE,
        "people.grant_membership": SCOPE,
        "people.unlock_person": SCOPE,
        "cases.view_case": SCOPE,
        "cases.answer_feedback": SCOPE,
        "overview.view_overview": SCOPE,
    },
    "secretary": EVERYBODY
    | COMMUNITY_STAFF
    | {
        "registry.edit_community": SCOPE,
        "people.grant_membership": SCOPE,
        "people.unlock_person": SCOPE,
        "cases.reveal_asker": SCOPE,
    },
    "social_worker": EVERYBODY | COMMUNITY_STAFF | {"cases.reveal_asker": SCOPE},
    "department_officer": EVERYBODY
    | {
        "registry.view_department": SCOPE,
        "cases.view_case": SCOPE,
        "cases.answer_dispatch": SCOPE,
        "cases.call_asker": SCOPE,
        "cases.reveal_asker": SCOPE,
    },
    "posted_cadre": EVERYBODY
    | {
        "registry.view_community": SCOPE,
        "registry.view_department": SCOPE,
        "registry.view_enterprise": SCOPE,
        "registry.view_contact": SCOPE,
        "cases.view_case": SCOPE,
        "cases.register_request": SCOPE,
        "cases.resolve_on_site": SCOPE,
        "visits.view_note": SCOPE,
        "visits.write_note": SCOPE,
    },
    "enterprise_contact": EVERYBODY
    | {
        "registry.view_enterprise": SCOPE,
        "registry.view_contact": SCOPE,
        "cases.view_case": SCOPE,
        "cases.confirm_answer": SCOPE,
    },
    "worker": EVERYBODY,
    "volunteer": EVERYBODY,
    "micro_grid_member": EVERYBODY,
    "lawyer": EVERYBODY,
    "auditor": {"ledger.view_entry": SCOPE},
}

# Whom a role may appoint, inside its own scope. Appointing is a right of its own; nobody appoints beyond their scope, and nobody appoints themselves.
APPOINTS: dict[str, set[str]] = {
    "district_administrator": {
        "district_administrator",
        "secretary",
        "social_worker",
        "department_officer",
        "posted_cadre",
        "enterprise_contact",
        "worker",
        "volunteer",
        "micro_grid_member",
        "lawyer",
        "auditor",
    },
    "secretary": {"social_worker", "posted_cadre", "enterprise_contact", "worker", "volunteer", "micro_grid_member", "lawyer"},
    "social_worker": {"enterprise_contact", "worker"},
}
