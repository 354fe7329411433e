from django.apps import AppConfig


class ContractorsConfig(AppConfig):
    name = "centerpoint.contractors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from centerpoint.contractors import searching

        searching.register()
