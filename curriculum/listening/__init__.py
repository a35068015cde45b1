"""Recorded speech: what can be said of a text, the recordings there are, and how they are made.

A recording belongs to words, not to a page: it is found by the mark of the text that was read aloud. A text
that changes has another mark, so that an old recording is never played to new words; two countries whose
words are the same share one.
"""
