from django.apps import AppConfig


class QuickBooksConfig(AppConfig):
    name = "centerpoint.quickbooks"
    default_auto_field = "django.db.models.BigAutoField"
