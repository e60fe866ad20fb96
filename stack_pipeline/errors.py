"""The errors that a user can act on, each with one line and a hint.

Bad *data* never raises: it becomes a row with a reason. What is here is either a wrong use of the program
(`UsageError`, exit 2) or a run that cannot promise a complete output (`RunFailed`, exit 1).
"""


class StackPipelineError(Exception):
    """The root of every error that is shown without a traceback.

    Args:
        message: One line without content, secrets or personal data.
        hint: What the user can do, one line, or None.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the hint when the error crosses a process boundary."""
        return (_rebuild, (type(self), self.message, self.hint))


class UsageError(StackPipelineError):
    """The command, recipe, listing or key file is wrong; nothing was written."""

    exit_code = 2


class RunFailed(StackPipelineError):
    """The run stopped; what is finished stays, and the same command goes on from there."""

    exit_code = 1


def _rebuild(kind: type[StackPipelineError], message: str, hint: str | None) -> StackPipelineError:
    return kind(message, hint=hint)
