from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("companies", "0006_properties_searched_in_an_index")]

    operations = [
        migrations.RemoveIndex("property", "property_in_order"),
        migrations.AddIndex(
            "property",
            models.Index(
                fields=["contractor", "name", "id", "is_active", "company"], name="property_in_order"
            ),
        ),
    ]
