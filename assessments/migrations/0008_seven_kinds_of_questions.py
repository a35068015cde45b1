import django.db.models.deletion
import wagtail.fields
from django.db import migrations, models

from append_only import AppendOnly

append_only = AppendOnly("assessments_quiztext")


class Migration(migrations.Migration):
    """Four kinds of questions more, and what a country's own values make of a frozen text.

    What is frozen already has no such value and leaves nothing out. SQLite makes the table anew to add a column, and
    would lose the refusal on the way.
    """

    dependencies = [
        ("assessments", "0007_how_it_was_signed"),
        ("curriculum", "0006_reflections"),
    ]

    operations = [
        migrations.AddField(
            model_name="questionsnippet",
            name="key_from",
            field=models.ForeignKey(
                blank=True,
                help_text="Only for a number. A country without this value is not asked this question.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="curriculum.fact",
                verbose_name="the country's value is the right number",
            ),
        ),
        migrations.AddField(
            model_name="questionsnippet",
            name="otherwise",
            field=models.TextField(
                blank=True,
                default="",
                help_text="Only for an order, pairs or a number: she reads it when no reason above fits her answer.",
                verbose_name="when nothing else explains it",
            ),
        ),
        migrations.AddField(
            model_name="questionsnippet",
            name="story",
            field=models.TextField(
                blank=True,
                default="",
                help_text="Only for a story: what happened, in four short sentences.",
                verbose_name="story",
            ),
        ),
        migrations.AddField(
            model_name="questionsnippet",
            name="unit",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Only for a number: what it counts, as in months.",
                max_length=30,
                verbose_name="unit",
            ),
        ),
        migrations.RunPython(append_only.reverse_code, append_only.code),
        migrations.AddField(
            model_name="quiztext",
            name="keys",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="quiztext",
            name="left_out",
            field=models.JSONField(default=list),
        ),
        append_only,
        migrations.AlterField(
            model_name="questionsnippet",
            name="choices",
            field=wagtail.fields.StreamField(
                [("choice", 4), ("step", 7), ("pair", 11), ("other", 14), ("number", 17), ("slip", 21)],
                blank=True,
                block_lookup={
                    0: ("curriculum.blocks.IdentityBlock", (), {}),
                    1: ("wagtail.blocks.CharBlock", (), {"label": "Answer", "max_length": 240}),
                    2: ("wagtail.blocks.BooleanBlock", (), {"label": "This answer is right", "required": False}),
                    3: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "help_text": "She reads it after the quiz when she chose this.",
                            "label": "What is behind this choice",
                            "rows": 2,
                        },
                    ),
                    4: (
                        "wagtail.blocks.StructBlock",
                        [[("choice", 0), ("text", 1), ("is_right", 2), ("feedback", 3)]],
                        {},
                    ),
                    5: ("wagtail.blocks.CharBlock", (), {"label": "Step", "max_length": 120}),
                    6: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "help_text": "She reads it after the quiz when she took this step too early.",
                            "label": "What is behind this",
                            "required": False,
                            "rows": 2,
                        },
                    ),
                    7: ("wagtail.blocks.StructBlock", [[("choice", 0), ("text", 5), ("feedback", 6)]], {}),
                    8: ("wagtail.blocks.CharBlock", (), {"label": "Left", "max_length": 120}),
                    9: ("wagtail.blocks.CharBlock", (), {"label": "What goes with it", "max_length": 120}),
                    10: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "help_text": "She reads it after the quiz when she put something else beside it.",
                            "label": "What is behind this",
                            "required": False,
                            "rows": 2,
                        },
                    ),
                    11: (
                        "wagtail.blocks.StructBlock",
                        [[("choice", 0), ("side", 0), ("text", 8), ("goes_with", 9), ("feedback", 10)]],
                        {},
                    ),
                    12: ("wagtail.blocks.CharBlock", (), {"label": "Goes with nothing", "max_length": 120}),
                    13: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "help_text": "She reads it after the quiz when she chose it.",
                            "label": "What is behind this",
                            "required": False,
                            "rows": 2,
                        },
                    ),
                    14: ("wagtail.blocks.StructBlock", [[("choice", 0), ("text", 12), ("feedback", 13)]], {}),
                    15: (
                        "assessments.models.answers.NumberBlock",
                        (),
                        {"help_text": "Several such blocks are a list: each is right.", "label": "Right number"},
                    ),
                    16: (
                        "assessments.models.answers.NumberBlock",
                        (),
                        {
                            "help_text": "Only when every number between is right.",
                            "label": "Or up to",
                            "required": False,
                        },
                    ),
                    17: ("wagtail.blocks.StructBlock", [[("choice", 0), ("lowest", 15), ("highest", 16)]], {}),
                    18: ("assessments.models.answers.NumberBlock", (), {"label": "Number that is not right"}),
                    19: ("assessments.models.answers.NumberBlock", (), {"label": "Or up to", "required": False}),
                    20: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "help_text": "She reads it after the quiz when she wrote this number.",
                            "label": "What is behind this",
                            "required": True,
                            "rows": 2,
                        },
                    ),
                    21: (
                        "wagtail.blocks.StructBlock",
                        [[("choice", 0), ("lowest", 18), ("highest", 19), ("feedback", 20)]],
                        {},
                    ),
                },
                help_text="What stands here depends on how it is answered: choose that below.",
                verbose_name="answers",
            ),
        ),
        migrations.AlterField(
            model_name="questionsnippet",
            name="kind",
            field=models.CharField(
                choices=[
                    ("single", "one right answer"),
                    ("multiple", "several right answers"),
                    ("true_false", "true or false"),
                    ("ordering", "put in order"),
                    ("matching", "find what goes together"),
                    ("number", "a number"),
                    ("scenario", "a story, then one right answer"),
                ],
                max_length=12,
                verbose_name="how it is answered",
            ),
        ),
    ]
