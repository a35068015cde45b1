"""What a learner can look for: the words of an article, written so that every database finds them alike."""

from __future__ import annotations

from django.db import models


class ArticleWords(models.Model):
    """The words of every article that says the same, in the plain letters of ``curriculum.searching.normal``.

    A cache like the article itself, under the mark of what it says: an article whose words are not here yet gets them
    when somebody looks for something. Each text begins and ends with a space, so that a space before a few letters
    finds the words that begin with them.
    """

    content_hash = models.CharField(max_length=64, primary_key=True)
    title = models.TextField(blank=True, default="")
    key_messages = models.TextField(blank=True, default="")
    text = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return self.content_hash
