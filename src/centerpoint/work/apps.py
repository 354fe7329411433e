from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "centerpoint.work"
    default_auto_field = "django.db.models.BigAutoField"
