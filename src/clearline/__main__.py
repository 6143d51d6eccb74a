"""Run the `clearline` command as `python -m clearline`."""

from clearline.cli import main

if __name__ == "__main__":
    main()
