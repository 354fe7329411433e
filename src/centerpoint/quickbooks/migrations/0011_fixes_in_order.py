from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quickbooks", "0010_suggestion_of_company")]

    operations = [
        migrations.AddIndex(
            "posting",
            models.Index(
                fields=["company_file", "state_since", "id"],
                condition=models.Q(state__in=["refused", "deleted_there"]),
                name="posting_to_fix",
            ),
        ),
    ]
