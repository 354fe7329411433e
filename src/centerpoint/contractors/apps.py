from django.apps import AppConfig


class ContractorsConfig(AppConfig):
    name = "centerpoint.contractors"
    default_auto_field = "django.db.models.BigAutoField"
