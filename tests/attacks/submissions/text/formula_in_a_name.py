"""Has its author's name be a formula of a spreadsheet.

stopped by: the table's cells are defused
witness: disguised
control: naive
student: =HYPERLINK(1)
"""


def square(x):
    raise ValueError("look at my name")
