import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0008_seven_kinds_of_questions'),
        ('curriculum', '0013_meanings_and_releases'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReleasedWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checklist_text', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='released', to='assessments.checklisttext')),
                ('quiz_text', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='released', to='assessments.quiztext')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='words', to='curriculum.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('release', 'quiz_text'), name='one_released_quiz_text'), models.UniqueConstraint(fields=('release', 'checklist_text'), name='one_released_checklist_text'), models.CheckConstraint(condition=models.Q(models.Q(('checklist_text__isnull', True), ('quiz_text__isnull', False)), models.Q(('checklist_text__isnull', False), ('quiz_text__isnull', True)), _connector='OR'), name='released_words_are_of_one_text')],
            },
        ),
    ]
