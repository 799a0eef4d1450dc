"""Fails the task of a function that was called with a task token and failed, as Step Functions does.

The emulator ignores what such a function answers, and waits for the token.
"""

import contextvars

from ministack.services import stepfunctions

invoke = stepfunctions._invoke_with_callback
call = stepfunctions._call_lambda

# The task token that the function which is being called was given.
given = contextvars.ContextVar("given", default=None)


def invoke_with_callback(resource, data, token, state):
    """Calls a function and waits for its token."""
    kept = given.set(token)
    try:
        return invoke(resource, data, token, state)
    finally:
        given.reset(kept)


def call_lambda(function, event):
    """Calls a function. If it fails before its token was answered, that is the answer."""
    try:
        return call(function, event)
    except stepfunctions._ExecutionError as failure:
        task = stepfunctions._task_tokens.get(given.get() or "")
        if task and not task["event"].is_set():
            task["error"] = {"Error": failure.error, "Cause": failure.cause}
            task["event"].set()
        raise


def install():
    """From now on."""
    stepfunctions._invoke_with_callback = invoke_with_callback
    stepfunctions._call_lambda = call_lambda
