"""Never finishes its import.

stopped by: the check's deadline; the checks after it aren't run
witness: swollen
control: open
"""

while True:
    pass
