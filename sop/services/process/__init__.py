"""What people do to run a cycle: steps and submissions, tasks, comments, the agenda, the meeting."""
