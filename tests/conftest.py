"""Tests run the code that set-up compiled, instead of compiling it in every worker."""

from clearline.cli.compiled import keep_versions_apart

keep_versions_apart()
