"""The window: the only package that uses Qt.

The bulk of what it stands on is loaded here, before any of its modules loads Qt: PySide6 reads the source of every
module that is imported after it, in search of its own `__feature__`, and there are hundreds of them.
"""

import annotator.editing.session
import annotator.premask.choice  # noqa: F401
import qa.checks.registry
import qa.query_consensus  # noqa: F401
