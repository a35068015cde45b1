#!/usr/bin/env python
"""Django's command line for Thuto."""

import gc
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- needs the settings module first

    # A command ends soon: looking for cycles in what it has loaded, again and again, is a tenth of a migration.
    gc.set_threshold(200_000, 20, 20)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
