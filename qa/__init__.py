"""Quality: the workflow of three passes, agreement, checks, disputes, metrics, evaluation and reports."""
