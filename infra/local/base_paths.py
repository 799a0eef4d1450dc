"""Keeps the base path of a custom domain in the event of a request, as API Gateway does.

The emulator finds the mapping and cuts the base path off, so that a function never meets one.
"""

import contextvars

from ministack import app
from ministack.services import apigateway_v1

handle = app._handle_execute_api_request
resolve = apigateway_v1.resolve_base_path_mapping
build = apigateway_v1._build_lambda_event_v1

# What the request that is being answered has before the API's own path; None if it came by no domain.
before = contextvars.ContextVar("before", default=None)


async def handle_request(*arguments, **named):
    """Answers a request, which does not have the base path of the one before."""
    before.set(None)
    return await handle(*arguments, **named)


def resolve_mapping(domain, path):
    """As the emulator finds the API; keeps what it cuts off for `build_event`."""
    found = resolve(domain, path)
    if found is not None:
        _, stage, rest = found
        base = path.removesuffix(rest).removesuffix("/")
        # Without a stage in the mapping, it stands in the path, and stays there too.
        before.set(base if stage else f"{base}/{rest.lstrip('/').partition('/')[0]}")
    return found


def build_event(*arguments, **named):
    """The event of a request, with its whole path."""
    event, base = build(*arguments, **named), before.get()
    if base is not None:
        event["path"] = base + event["path"]
        event["requestContext"]["path"] = event["path"]
    return event


def install():
    """From now on."""
    app._handle_execute_api_request = handle_request
    apigateway_v1.resolve_base_path_mapping = resolve_mapping
    apigateway_v1._build_lambda_event_v1 = build_event
