"""Role × route × row: who may what. Everybody signed in who is not named for a row gets 404; who may not use the route at all gets 403.

Keys of an entry: `GET`, `POST`. In each, `403` names those whose role may not use the route; every other key is a row of `rows.py`, or `-` for a route
without rows, and names those who may. A row can instead be a dictionary, where a number says that these are told no in that way. A stranger is sent to
sign in, except where the entry says `stranger`.
"""

from __future__ import annotations

EVERYBODY = (
    "administrator secretary social_worker second_worker officer other_officer posted_cadre contact other_contact worker volunteer "
    "micro_grid_member lawyer auditor outsider nobody"
)


def but(names: str) -> str:
    """Everybody signed in but these."""
    return " ".join(name for name in EVERYBODY.split() if name not in names.split())


WORKERS = "secretary social_worker second_worker"  # of 灵峰
HERE = f"administrator {WORKERS} posted_cadre"  # who see all that is asked in 灵峰
ASKERS = but("auditor nobody")

CASES = {
    "waiting": f"{HERE} contact",
    "sent": f"{HERE} officer other_officer contact",
    "in_hand": f"{HERE} officer other_officer contact",
    "answered": f"{HERE} officer contact",
    "closed": f"{HERE} officer contact",
    "on_site": f"{HERE} contact",
    "mingyue": f"{HERE} other_contact",
    "jiaotong": f"{HERE} other_officer other_contact",
    "ourselves": f"{HERE} contact",
    "personal": f"{HERE} worker",
    "secret": f"{HERE} officer worker",
    "secret_waiting": f"{HERE} worker",
    "secret_answered": f"{HERE} officer worker",
    "far": "administrator outsider",
    "far_sent": "administrator outsider",
}
NO_CASES = {403: "auditor nobody"}
NOT_WORKERS = {403: but(f"{WORKERS} outsider")}
NO_NOTES = {403: but(f"{WORKERS} posted_cadre outsider")}
NOT_EDITORS = {403: but("administrator secretary")}

TABLE: dict[str, dict[str, dict]] = {
    # --- for everybody ------------------------------------------------------------------------------------------------
    "healthz": {"GET": {"stranger": "yes", "-": EVERYBODY}},
    "set_language": {"POST": {"stranger": "yes", "-": EVERYBODY}},
    "ui_kit": {"GET": {"stranger": "yes", "-": EVERYBODY}, "POST": {"stranger": "yes", "-": EVERYBODY}},
    "overview:home": {"GET": {"-": EVERYBODY}},
    "overview:search": {"GET": {"-": EVERYBODY}},
    "notices:inbox": {"GET": {"-": EVERYBODY}},
    "notices:read_all": {"POST": {"-": EVERYBODY}},
    "notices:open": {"GET": {"notice of contact": "contact", "notice of social_worker": "social_worker", "notice of officer": "officer"}},
    # --- the way in, and oneself --------------------------------------------------------------------------------------
    "people:sign_in": {"GET": {"stranger": "yes", "-": EVERYBODY}, "POST": {"stranger": "yes", "-": EVERYBODY}},
    "people:sign_in_code": {"GET": {"stranger": "yes", "-": EVERYBODY}, "POST": {"stranger": "yes", "-": EVERYBODY}},
    "people:sign_in_persona": {"POST": {"stranger": 404, "person contact": {404: EVERYBODY}}},
    "people:sign_out": {"POST": {"stranger": "yes", "-": EVERYBODY}},
    "people:invitation": {"GET": {"stranger": "yes", "link": EVERYBODY}},
    "people:invitation_open": {"GET": {"stranger": 404, "-": {404: EVERYBODY}}, "POST": {"stranger": 404, "-": {404: EVERYBODY}}},
    "people:me": {"GET": {"-": EVERYBODY}},
    "people:password_change": {"GET": {"-": EVERYBODY}, "POST": {"-": EVERYBODY}},
    "people:totp": {"GET": {"-": EVERYBODY}, "POST": {"-": EVERYBODY}},
    "people:totp_remove": {"POST": {"-": EVERYBODY}},
    "people:recovery_codes": {"POST": {"-": EVERYBODY}},
    "people:sessions": {"GET": {"-": EVERYBODY}},
    "people:session_end": {"POST": {"session of contact": "contact", "session of secretary": "secretary"}},
    "people:sessions_end_others": {"POST": {"-": EVERYBODY}},
    # --- persons ------------------------------------------------------------------------------------------------------
    "people:list": {"GET": {403: but(f"administrator {WORKERS} outsider"), "-": f"administrator {WORKERS} outsider"}},
    "people:add": {
        "GET": {403: but(f"administrator {WORKERS} outsider"), "-": f"administrator {WORKERS} outsider"},
        "POST": {403: but(f"administrator {WORKERS} outsider"), "-": f"administrator {WORKERS} outsider"},
    },
    "people:detail": {
        "GET": {
            403: but(f"administrator {WORKERS} outsider"),
            "person contact": f"administrator {WORKERS}",
            "person secretary": f"administrator {WORKERS}",
            "person officer": "administrator",
            "person outsider": "administrator outsider",
            "person nobody": "",
        }
    },
    "people:grant": {
        "GET": {**NOT_EDITORS, "person contact": "administrator secretary", "person outsider": "administrator", "person nobody": ""},
        "POST": {**NOT_EDITORS, "person contact": "administrator secretary", "person outsider": "administrator", "person nobody": ""},
    },
    "people:invite": {
        "POST": {
            403: but(f"administrator {WORKERS} outsider"),
            "person contact": f"administrator {WORKERS}",
            "person secretary": {"yes": "administrator", 403: "social_worker second_worker", 409: "secretary"},
            "person officer": "administrator",
            "person outsider": {"yes": "administrator", 409: "outsider"},
        }
    },
    "people:unlock": {"POST": {**NOT_EDITORS, "person volunteer": "administrator secretary", "person outsider": {409: "administrator"}}},
    "people:totp_remove_of": {"POST": {**NOT_EDITORS, "person contact": {409: "administrator secretary"}, "person officer": {409: "administrator"}}},
    "people:disable": {
        "POST": {
            **NOT_EDITORS,
            "person contact": "administrator secretary",
            "person secretary": {"yes": "administrator", 409: "secretary"},
            "person outsider": "administrator",
        }
    },
    "people:enable": {"POST": {**NOT_EDITORS, "person disabled": "administrator secretary", "person outsider": {409: "administrator"}}},
    "people:mobile": {"POST": {**NOT_WORKERS, "person contact": WORKERS, "person officer": "", "person outsider": "outsider"}},
    "people:membership_end": {
        "POST": {
            403: but(f"administrator {WORKERS} outsider"),
            "membership of volunteer": {"yes": "administrator secretary", 403: "social_worker second_worker"},
            "membership of worker": f"administrator {WORKERS}",
            "membership of secretary": {"yes": "administrator", 403: WORKERS},
            "membership of officer": "administrator",
            "membership of outsider": {"yes": "administrator", 403: "outsider"},
        }
    },
    # --- registry -----------------------------------------------------------------------------------------------------
    "registry:enterprises": {
        "GET": {403: but(f"{HERE} contact other_contact outsider"), "-": f"{HERE} contact other_contact outsider"},
    },
    "registry:enterprise_create": {"GET": {**NOT_WORKERS, "-": f"{WORKERS} outsider"}, "POST": {**NOT_WORKERS, "-": f"{WORKERS} outsider"}},
    "registry:enterprise": {
        "GET": {
            403: but(f"{HERE} contact other_contact outsider"),
            "lanshi": f"{HERE} contact",
            "mingyue enterprise": f"{HERE} other_contact",
            "elsewhere": "administrator outsider",
        }
    },
    "registry:enterprise_change": {
        "GET": {**NOT_WORKERS, "lanshi": WORKERS, "elsewhere": "outsider"},
        "POST": {**NOT_WORKERS, "lanshi": WORKERS, "elsewhere": "outsider"},
    },
    "registry:micro_grid_create": {"POST": {**NOT_WORKERS, "lanshi": WORKERS, "elsewhere": "outsider"}},
    "registry:contacts": {
        "GET": {**NOT_WORKERS, "lanshi": WORKERS, "elsewhere": "outsider"},
        "POST": {**NOT_WORKERS, "lanshi": WORKERS, "elsewhere": "outsider"},
    },
    "registry:contact_end": {"POST": {**NOT_WORKERS, "contact row": WORKERS, "far contact row": "outsider"}},
    "registry:mobile_reveal": {
        "GET": {**NOT_WORKERS, "contact at lanshi": WORKERS, "other contact at lanshi": "", "far contact at elsewhere": "outsider"},
        "POST": {**NOT_WORKERS, "contact at lanshi": WORKERS, "other contact at lanshi": "", "far contact at elsewhere": "outsider"},
    },
    "registry:communities": {"GET": {403: but(f"{HERE} outsider"), "-": f"{HERE} outsider"}},
    "registry:community_create": {"GET": {**NOT_EDITORS, "-": "administrator"}, "POST": {**NOT_EDITORS, "-": "administrator"}},
    "registry:community": {"GET": {403: but(f"{HERE} outsider"), "lingfeng": HERE, "dagang": "administrator outsider"}},
    "registry:community_change": {
        "GET": {**NOT_EDITORS, "lingfeng": "administrator secretary", "dagang": "administrator"},
        "POST": {**NOT_EDITORS, "lingfeng": "administrator secretary", "dagang": "administrator"},
    },
    "registry:grid_create": {
        "GET": {**NOT_EDITORS, "lingfeng": "administrator secretary", "dagang": "administrator"},
        "POST": {**NOT_EDITORS, "lingfeng": "administrator secretary", "dagang": "administrator"},
    },
    "registry:grid_change": {
        "GET": {**NOT_EDITORS, "grid": "administrator secretary", "far grid": "administrator"},
        "POST": {**NOT_EDITORS, "grid": "administrator secretary", "far grid": "administrator"},
    },
    "registry:departments": {"GET": {403: but(f"{HERE} officer other_officer outsider"), "-": f"{HERE} officer other_officer outsider"}},
    "registry:department_change": {
        "GET": {403: but("administrator"), "zhujian": "administrator"},
        "POST": {403: but("administrator"), "zhujian": "administrator"},
    },
    # --- cases --------------------------------------------------------------------------------------------------------
    "cases:list": {"GET": {**NO_CASES, "-": ASKERS}},
    "cases:raise": {"GET": {**NO_CASES, "-": ASKERS}, "POST": {**NO_CASES, "-": ASKERS}},
    "cases:register": {
        "GET": {403: but(f"{WORKERS} posted_cadre outsider"), "-": f"{WORKERS} posted_cadre outsider"},
        "POST": {403: but(f"{WORKERS} posted_cadre outsider"), "-": f"{WORKERS} posted_cadre outsider"},
    },
    "cases:detail": {"GET": {**NO_CASES, **CASES}},
    "cases:preview": {"GET": {**NO_CASES, **CASES}},
    "cases:dispatch": {"POST": {**NOT_WORKERS, "waiting": WORKERS, "personal": WORKERS, "secret_waiting": WORKERS, "far": "outsider"}},
    "cases:support": {"POST": {**NOT_WORKERS, "sent": WORKERS, "secret": WORKERS, "far_sent": "outsider"}},
    "cases:remind": {"POST": {**NOT_WORKERS, "sent": WORKERS, "secret": WORKERS, "far_sent": "outsider"}},
    "cases:phone": {
        "POST": {
            403: but(f"{WORKERS} officer other_officer outsider"),
            "sent": f"{WORKERS} officer other_officer",
            "secret": {"yes": WORKERS, 409: "officer"},
            "far": "outsider",
        }
    },
    "cases:on_site": {
        "POST": {
            403: but(f"{WORKERS} posted_cadre outsider"),
            "waiting": f"{WORKERS} posted_cadre",
            "secret_waiting": f"{WORKERS} posted_cadre",
            "far": "outsider",
        }
    },
    "cases:confirm": {"POST": {**NO_CASES, "answered": f"{WORKERS} contact", "secret_answered": f"{WORKERS} worker"}},
    "cases:refuse": {"POST": {**NO_CASES, "answered": f"{WORKERS} contact", "on_site": f"{WORKERS} contact", "secret_answered": f"{WORKERS} worker"}},
    "cases:rate": {"POST": {**NO_CASES, "closed": f"{WORKERS} contact", "on_site": f"{WORKERS} contact"}},
    "cases:remark": {
        "POST": {**NO_CASES, "waiting": CASES["waiting"], "jiaotong": CASES["jiaotong"], "secret": CASES["secret"], "far": CASES["far"]},
    },
    "cases:asker": {
        "POST": {403: but(f"{WORKERS} officer other_officer outsider"), "secret": f"{WORKERS} officer", "secret_waiting": WORKERS},
    },
    "cases:acknowledge": {
        "POST": {
            **NO_CASES,
            "lead of sent": "officer",
            "support of sent": "other_officer",
            "lead of secret": "officer",
            "lead of jiaotong": "other_officer",
            "lead of ourselves": WORKERS,
            "lead of far_sent": "",
        }
    },
    "cases:answer": {"POST": {**NO_CASES, "lead of in_hand": "officer"}},
    "cases:return": {
        "POST": {**NO_CASES, "lead of sent": "officer", "support of sent": "other_officer", "lead of secret": "officer", "lead of ourselves": WORKERS}
    },
    "cases:feedback": {"GET": {"stranger": "yes", "-": EVERYBODY}, "POST": {"stranger": "yes", "-": EVERYBODY}},
    "cases:feedback_mine": {"GET": {"-": EVERYBODY}},
    "cases:feedback_inbox": {"GET": {403: but("administrator"), "-": "administrator"}},
    "cases:feedback_answer": {"POST": {403: but("administrator"), "feedback": "administrator"}},
    # --- visits -------------------------------------------------------------------------------------------------------
    "visits:list": {"GET": {**NO_NOTES, "-": f"{WORKERS} posted_cadre outsider"}},
    "visits:write": {"GET": {**NO_NOTES, "-": f"{WORKERS} posted_cadre outsider"}},
    "visits:write_at": {
        "GET": {**NO_NOTES, "lanshi": f"{WORKERS} posted_cadre", "elsewhere": "outsider"},
        "POST": {**NO_NOTES, "lanshi": f"{WORKERS} posted_cadre", "elsewhere": "outsider"},
    },
    "visits:detail": {"GET": {**NO_NOTES, "note": f"{WORKERS} posted_cadre", "far note": "outsider"}},
    "files:download": {
        "GET": {
            "file of sent": CASES["sent"],
            "file of secret": CASES["secret"],
            "file of far": CASES["far"],
            "file of inner": f"{HERE} officer other_officer",
            "file of note": f"{WORKERS} posted_cadre",
        }
    },
    # --- ledger -------------------------------------------------------------------------------------------------------
    "ledger:list": {"GET": {403: but("auditor"), "-": "auditor"}},
    "ledger:verify": {"POST": {403: but("auditor"), "-": "auditor"}},
    "ledger:block": {"GET": {403: but("auditor"), "block": "auditor"}},
}
