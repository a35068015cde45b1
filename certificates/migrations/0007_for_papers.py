from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from append_only import AppendOnly

_frozen = import_module("certificates.migrations.0004_certificate_is_frozen")
_replaced = import_module("certificates.migrations.0005_paper_append_only")

_only = AppendOnly("certificates_certificatefile", "certificates_certificateevent", "certificates_awardsignoff")

class Migration(migrations.Migration):
    """What a paper needs to be signed, to have a life, and to be made for a whole cohort.

    SQLite makes a table anew to add a column, and would lose the refusals on the way.
    """

    dependencies = [
        ('certificates', '0006_letterhead_and_first_day'),
        ('programme', '0007_for_papers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(_only.reverse_code, _only.code),
        migrations.RunPython(_replaced.allow_replacing, _replaced.refuse_replacing),
        migrations.RunPython(_frozen.thaw, _frozen.freeze),
        migrations.CreateModel(
            name='CertificateProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('issued', 'issued'), ('suspended', 'suspended'), ('restored', 'restored'), ('revoked', 'revoked'), ('replaced', 'replaced')], max_length=10)),
                ('at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='IssueBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('issue_on', models.DateField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='IssueBatchItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('result', models.CharField(choices=[('waiting', 'waiting'), ('issued', 'issued'), ('not_yet', 'not yet'), ('stopped', 'stopped')], default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, default='', max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='IssuerKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64, unique=True)),
                ('certificate_pem', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('lost_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['made_at', 'pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='awardsignoff',
            name='one_sign_off_per_supervisor',
        ),
        migrations.AddField(
            model_name='award',
            name='after_end',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='award',
            name='attendance_hours',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='award',
            name='kind',
            field=models.CharField(choices=[('induction', 'induction'), ('certified', 'competence'), ('refresher', 'yearly refresher'), ('graduation', 'end of the term'), ('record', 'record of training'), ('trainer', 'trainer'), ('passport', 'career passport'), ('other', 'other')], default='other', max_length=10),
        ),
        migrations.AddField(
            model_name='award',
            name='logbook_entries',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='award',
            name='needs',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='award',
            name='two_people',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='awardsignoff',
            name='round',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='certificate',
            name='erased_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='certificate',
            name='facts',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='certificate',
            name='languages',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='certificate',
            name='statement',
            field=models.BinaryField(default=bytes),
        ),
        migrations.AddField(
            model_name='certificate',
            name='stays_current',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='certificate',
            name='titles',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='certificateevent',
            name='asked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='certificatefile',
            name='kind',
            field=models.CharField(choices=[('paper', 'certificate'), ('card', 'card'), ('named', 'copy with the full name')], default='paper', max_length=10),
        ),
        migrations.AlterField(
            model_name='certificatefile',
            name='certificate',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='certificates.certificate'),
        ),
        migrations.AddConstraint(
            model_name='awardsignoff',
            constraint=models.UniqueConstraint(fields=('term', 'award', 'signed_by', 'round'), name='one_sign_off_per_supervisor'),
        ),
        migrations.AddConstraint(
            model_name='certificatefile',
            constraint=models.UniqueConstraint(fields=('certificate', 'kind'), name='one_file_of_a_kind'),
        ),
        migrations.AddField(
            model_name='certificateproposal',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='certificateproposal',
            name='certificate',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='certificates.certificate'),
        ),
        migrations.AddField(
            model_name='certificateproposal',
            name='closed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='issuebatch',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='issuebatch',
            name='award',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='certificates.award'),
        ),
        migrations.AddField(
            model_name='issuebatch',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.programme'),
        ),
        migrations.AddField(
            model_name='issuebatchitem',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='certificates.issuebatch'),
        ),
        migrations.AddField(
            model_name='issuebatchitem',
            name='certificate',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.certificate'),
        ),
        migrations.AddField(
            model_name='issuebatchitem',
            name='term',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.term'),
        ),
        migrations.AddField(
            model_name='issuerkey',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issuer_keys', to='programme.programme'),
        ),
        migrations.AddField(
            model_name='certificate',
            name='key',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='certificates.issuerkey'),
        ),
        migrations.AddConstraint(
            model_name='certificateproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('certificate', 'state'), name='one_open_proposal_per_change'),
        ),
        migrations.AddConstraint(
            model_name='issuebatchitem',
            constraint=models.UniqueConstraint(fields=('batch', 'term'), name='once_in_a_batch'),
        ),
        migrations.AddConstraint(
            model_name='issuerkey',
            constraint=models.UniqueConstraint(condition=models.Q(('lost_at__isnull', True), ('retired_at__isnull', True)), fields=('programme',), name='one_signing_key_per_programme'),
        ),
        migrations.RunPython(_frozen.freeze, _frozen.thaw),
        migrations.RunPython(_replaced.refuse_replacing, _replaced.allow_replacing),
        _only,
    ]
