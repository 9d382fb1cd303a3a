"""Results in the forms that other tools read: JUnit, CSV, Gradescope, Canvas, Moodle, Markdown."""
