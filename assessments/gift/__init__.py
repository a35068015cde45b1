"""Questions as text in GIFT, the format that Moodle reads and writes.

``read`` and ``write`` know the format and nothing else: any GIFT file in, its questions out, and back.
``read_items`` and ``write_items`` add what a pack of ours says with it (``docs/questions.md``).
Nothing here knows the database.
"""
