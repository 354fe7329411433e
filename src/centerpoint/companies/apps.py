from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "centerpoint.companies"
    default_auto_field = "django.db.models.BigAutoField"
