from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quickbooks", "0012_customers_left_counted")]

    operations = [
        migrations.RemoveIndex("posting", "posting_by_bill_to"),
        migrations.AddIndex(
            "posting",
            models.Index(fields=["company_file", "bill_to", "state", "id"], name="posting_by_bill_to"),
        ),
    ]
