import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from append_only import AppendOnly

altered = AppendOnly("curriculum_approval", "curriculum_factchange")


class Migration(migrations.Migration):
    """What a change means, and releases. SQLite makes altered tables anew, and would lose their refusal on the way."""

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('curriculum', '0012_readings_of_translations'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(altered.reverse_code, altered.code),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('curriculum', models.CharField(blank=True, default='', editable=False, max_length=30)),
                ('languages', models.JSONField(default=list)),
                ('values', models.JSONField(default=list)),
                ('content_hash', models.CharField(blank=True, default='', max_length=64)),
                ('prepared_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-prepared_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReleaseApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_hash', models.CharField(max_length=64)),
                ('reviewer', models.CharField(max_length=120, verbose_name='reviewer')),
                ('meeting', models.CharField(max_length=160, verbose_name='meeting')),
                ('held_on', models.DateField(verbose_name='day of the meeting')),
                ('document_number', models.CharField(max_length=60, verbose_name='document number')),
                ('recorded_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ReleaseDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('content_hash', models.CharField(max_length=64)),
                ('lines', models.PositiveIntegerField()),
                ('html', models.TextField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-made_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReleasedText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('module', 'module'), ('lesson', 'lesson'), ('quiz', 'quiz'), ('checklist', 'practice checklist')], max_length=10)),
                ('path', models.CharField(max_length=60)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('language', models.CharField(max_length=12)),
                ('title', models.CharField(max_length=200)),
                ('content_hash', models.CharField(max_length=64)),
                ('facts', models.JSONField(default=list)),
                ('is_approved', models.BooleanField(default=False)),
                ('is_stale', models.BooleanField(default=False)),
                ('is_draft', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['module__code', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ReleasePaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pdf', models.BinaryField()),
                ('pages', models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='ReleaseUpdate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('module', 'module'), ('lesson', 'lesson'), ('quiz', 'quiz'), ('checklist', 'practice checklist')], max_length=10)),
                ('path', models.CharField(max_length=60)),
                ('language', models.CharField(max_length=12)),
                ('old_hash', models.CharField(max_length=64)),
                ('new_hash', models.CharField(blank=True, default='', max_length=64)),
                ('reached_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-reached_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SaidMeaning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=255)),
                ('language', models.CharField(max_length=12)),
                ('meaning', models.CharField(choices=[('typo', 'a typo'), ('wording', 'other words, the same meaning'), ('clinical', 'something she does changes')], max_length=8)),
                ('said_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-said_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='TypoLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(max_length=2)),
                ('is_typo', models.BooleanField()),
                ('looked_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='article',
            name='one_article_per_route',
        ),
        migrations.AddField(
            model_name='approval',
            name='carried_from',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carried', to='curriculum.approval'),
        ),
        migrations.AddField(
            model_name='article',
            name='of_release',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='factchange',
            name='fact',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='curriculum.fact'),
        ),
        migrations.AlterField(
            model_name='factchange',
            name='new_value',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='came_by', to='curriculum.factvalue'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.UniqueConstraint(fields=('path', 'country', 'language', 'of_release'), name='one_article_per_route'),
        ),
        migrations.AddField(
            model_name='release',
            name='country',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='curriculum.country'),
        ),
        migrations.AddField(
            model_name='release',
            name='modules',
            field=models.ManyToManyField(related_name='+', to='curriculum.module'),
        ),
        migrations.AddField(
            model_name='release',
            name='prepared_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='releaseapproval',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='releaseapproval',
            name='release',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='approval', to='curriculum.release'),
        ),
        migrations.AddField(
            model_name='releasedocument',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='releasedocument',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='curriculum.release'),
        ),
        migrations.AddField(
            model_name='releaseapproval',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='curriculum.releasedocument'),
        ),
        migrations.AddField(
            model_name='releasedtext',
            name='module',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='curriculum.module'),
        ),
        migrations.AddField(
            model_name='releasedtext',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='curriculum.release'),
        ),
        migrations.AddField(
            model_name='releasepaper',
            name='document',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='paper', to='curriculum.releasedocument'),
        ),
        migrations.AddField(
            model_name='releaseupdate',
            name='change',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='curriculum.factchange'),
        ),
        migrations.AddField(
            model_name='releaseupdate',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='curriculum.release'),
        ),
        migrations.AddField(
            model_name='saidmeaning',
            name='before',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='wagtailcore.revision'),
        ),
        migrations.AddField(
            model_name='saidmeaning',
            name='content_type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype'),
        ),
        migrations.AddField(
            model_name='saidmeaning',
            name='revision',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='said_meanings', to='wagtailcore.revision'),
        ),
        migrations.AddField(
            model_name='saidmeaning',
            name='said_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approval',
            name='carried_over',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carried', to='curriculum.saidmeaning'),
        ),
        migrations.AddField(
            model_name='factchange',
            name='said',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='curriculum.saidmeaning'),
        ),
        migrations.AddField(
            model_name='factchange',
            name='curriculum',
            field=models.CharField(blank=True, default='', editable=False, max_length=30),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('carried_from__isnull', True), ('carried_over__isnull', True)), models.Q(('carried_from__isnull', False), ('carried_over__isnull', False)), _connector='OR'), name='a_carried_approval_names_the_typo'),
        ),
        migrations.AddConstraint(
            model_name='factchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fact__isnull', False), ('new_value__isnull', False), ('said__isnull', True)), models.Q(('fact__isnull', True), ('new_value__isnull', True), ('old_value__isnull', True), ('said__isnull', False)), _connector='OR'), name='a_change_is_of_a_value_or_of_a_text'),
        ),
        migrations.AddConstraint(
            model_name='factchange',
            constraint=models.UniqueConstraint(fields=('said', 'country'), name='one_change_per_saying_and_country'),
        ),
        migrations.AddField(
            model_name='typolook',
            name='looked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='typolook',
            name='said',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='curriculum.saidmeaning'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.UniqueConstraint(fields=('country', 'curriculum', 'name'), name='one_release_per_name'),
        ),
        migrations.AddConstraint(
            model_name='releasedtext',
            constraint=models.UniqueConstraint(fields=('release', 'kind', 'path', 'language'), name='one_released_text_per_place'),
        ),
        migrations.AddIndex(
            model_name='saidmeaning',
            index=models.Index(fields=['content_type', 'object_id'], name='said_meaning_of_text'),
        ),
        migrations.AddConstraint(
            model_name='typolook',
            constraint=models.UniqueConstraint(fields=('said', 'country'), name='one_look_per_typo_and_country'),
        ),
        altered,
        AppendOnly(
            "curriculum_saidmeaning",
            "curriculum_typolook",
            "curriculum_releasedocument",
            "curriculum_releaseapproval",
            "curriculum_releaseupdate",
        ),
    ]
