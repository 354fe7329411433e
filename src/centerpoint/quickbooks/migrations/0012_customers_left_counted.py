from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quickbooks", "0011_fixes_in_order")]

    operations = [
        migrations.RemoveIndex("quickbookscustomer", "customer_living"),
        migrations.AddIndex(
            "quickbookscustomer",
            models.Index(
                fields=["company_file", "id"],
                condition=models.Q(sublevel=0, is_active=True, is_deleted=False),
                name="customer_living",
            ),
        ),
    ]
