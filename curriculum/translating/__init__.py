"""The room for translators: every text of a module beside its words in one language, and how far a language is.

From the ground up: ``texts`` cuts an original into texts without asking the database, ``originals`` finds what is to
be translated, ``segments`` says where each text stands (worked out from hashes each time, never stored),
``word_checks`` what is wrong with words, ``actions`` what a translator does, ``report`` counts. ``given_out`` and
``brought_in`` carry a module and language out of the house and in again, as PO (``curriculum.packs.po``) or as a
``sheet``. ``terms_beside`` are the words of the translators' list; ``rights`` says who may do what.
"""
