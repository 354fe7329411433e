from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quickbooks", "0009_exchange_outcomes")]

    operations = [
        migrations.RemoveIndex("suggestion", "suggestion_by_company"),
        migrations.AddIndex(
            "suggestion",
            models.Index(
                fields=["company_file", "company", "not_the_same"], name="suggestion_of_company"
            ),
        ),
    ]
