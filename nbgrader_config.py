"""How nbgrader works in this course."""

c = get_config()  # noqa: F821  (nbgrader puts it there)

c.CourseDirectory.course_id = "loss-metrics"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError  # YOUR CODE HERE: replace this line"}
