from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "centerpoint.billing"
    default_auto_field = "django.db.models.BigAutoField"
