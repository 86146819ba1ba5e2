from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "lingyan.ledger"
    label = "ledger"
    verbose_name = "流水账"
