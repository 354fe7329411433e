from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ContractorsConfig(AppConfig):
    name = "centerpoint.contractors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from centerpoint.searching import lookups, trigrams

        lookups.register()
        pre_migrate.connect(trigrams.before_migrate)
        post_migrate.connect(trigrams.after_migrate)
