"""The HTML report: a class page and a page per student, in each language, from results alone."""

from grader.report.write import write_report, write_stored

__all__ = ["write_report", "write_stored"]
