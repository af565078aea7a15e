"""``python -m framing.cli``: the command line without the installed script."""

from framing.cli import main

main()
