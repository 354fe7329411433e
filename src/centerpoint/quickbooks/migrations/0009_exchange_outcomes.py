from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quickbooks", "0008_customer_listed")]

    operations = [
        # Null rather than an empty default: SQLite then adds the column without copying every text.
        migrations.AddField("exchange", "outcomes", models.JSONField(blank=True, null=True)),
    ]
