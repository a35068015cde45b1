import django.db.models.deletion
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """An order may take its steps from a country's list of times, with steps of its own between them."""

    dependencies = [
        ("assessments", "0009_words_of_a_release"),
        ("curriculum", "0014_words_to_look_for"),
    ]

    operations = [
        migrations.AlterField(
            model_name="questionsnippet",
            name="choices",
            field=wagtail.fields.StreamField(
                [("choice", 4), ("step", 7), ("placed", 9), ("pair", 13), ("other", 16), ("number", 19), ("slip", 23)],
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
                    8: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("before_first", "before the first"),
                                ("after_first", "after the first"),
                                ("before_last", "before the last"),
                                ("after_last", "after the last"),
                            ],
                            "label": "Where it stands among the country's times",
                        },
                    ),
                    9: (
                        "wagtail.blocks.StructBlock",
                        [[("choice", 0), ("text", 5), ("place", 8), ("feedback", 6)]],
                        {},
                    ),
                    10: ("wagtail.blocks.CharBlock", (), {"label": "Left", "max_length": 120}),
                    11: ("wagtail.blocks.CharBlock", (), {"label": "What goes with it", "max_length": 120}),
                    12: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "help_text": "She reads it after the quiz when she put something else beside it.",
                            "label": "What is behind this",
                            "required": False,
                            "rows": 2,
                        },
                    ),
                    13: (
                        "wagtail.blocks.StructBlock",
                        [[("choice", 0), ("side", 0), ("text", 10), ("goes_with", 11), ("feedback", 12)]],
                        {},
                    ),
                    14: ("wagtail.blocks.CharBlock", (), {"label": "Goes with nothing", "max_length": 120}),
                    15: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "help_text": "She reads it after the quiz when she chose it.",
                            "label": "What is behind this",
                            "required": False,
                            "rows": 2,
                        },
                    ),
                    16: ("wagtail.blocks.StructBlock", [[("choice", 0), ("text", 14), ("feedback", 15)]], {}),
                    17: (
                        "assessments.models.answers.NumberBlock",
                        (),
                        {"help_text": "Several such blocks are a list: each is right.", "label": "Right number"},
                    ),
                    18: (
                        "assessments.models.answers.NumberBlock",
                        (),
                        {
                            "help_text": "Only when every number between is right.",
                            "label": "Or up to",
                            "required": False,
                        },
                    ),
                    19: ("wagtail.blocks.StructBlock", [[("choice", 0), ("lowest", 17), ("highest", 18)]], {}),
                    20: ("assessments.models.answers.NumberBlock", (), {"label": "Number that is not right"}),
                    21: ("assessments.models.answers.NumberBlock", (), {"label": "Or up to", "required": False}),
                    22: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "help_text": "She reads it after the quiz when she wrote this number.",
                            "label": "What is behind this",
                            "required": True,
                            "rows": 2,
                        },
                    ),
                    23: (
                        "wagtail.blocks.StructBlock",
                        [[("choice", 0), ("lowest", 20), ("highest", 21), ("feedback", 22)]],
                        {},
                    ),
                },
                help_text="What stands here depends on how it is answered: choose that below.",
                verbose_name="answers",
            ),
        ),
        migrations.AlterField(
            model_name="questionsnippet",
            name="key_from",
            field=models.ForeignKey(
                blank=True,
                help_text=(
                    "Only for a number or an order: the right number, or the list of times that she puts in order. "
                    "A country without this value is not asked this question."
                ),
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="curriculum.fact",
                verbose_name="the country's value is what is right",
            ),
        ),
    ]
