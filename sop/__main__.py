"""`python -m sop`: the command line, with a plain sentence where the installation is not complete."""

import sys


def main() -> int:
    """Run the command line; a library that is not installed is named instead of a traceback."""
    try:
        from sop.cli.main import run_command

        return run_command(sys.argv[1:])
    except ModuleNotFoundError as missing:
        print(
            f"The library '{missing.name}' is not installed. "
            "Install everything with `make run`, or with `pip install -r requirements.txt`.",
            file=sys.stderr,
        )
        return 2


if __name__ == "__main__":
    sys.exit(main())
