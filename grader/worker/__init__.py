"""What runs beside a student's code, in a process the grader doesn't trust."""
