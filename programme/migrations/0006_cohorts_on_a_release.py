import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('curriculum', '0013_meanings_and_releases'),
        ('programme', '0005_programmes_by_configuration'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='cohort',
            name='release',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cohorts', to='curriculum.release'),
        ),
        migrations.CreateModel(
            name='CohortMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moved_at', models.DateTimeField()),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='programme.cohort')),
                ('from_release', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='curriculum.release')),
                ('moved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_release', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='curriculum.release')),
            ],
            options={
                'ordering': ['-moved_at', '-pk'],
            },
        ),
        AppendOnly("programme_cohortmove"),
    ]
