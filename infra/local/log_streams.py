"""Names streams of a log group of one's own as Lambda does.

In such a group each stream has the function's name, or nobody would know whose it is:
`2026/11/30/NAME[VERSION]ENVIRONMENT`. The emulator leaves the name out.
"""

import uuid

from ministack.services import cloudwatch_logs, lambda_svc

write = lambda_svc._emit_lambda_logs


def emit(function, *arguments, **named):
    """Writes what an invocation logged: to a group apart, and from there under its name."""
    config = function.get("config") or function
    group = (config.get("LoggingConfig") or {}).get("LogGroup") or ""
    if group not in cloudwatch_logs._log_groups or group.startswith("/aws/lambda/"):
        write(function, *arguments, **named)
        return
    apart = f"apart-{uuid.uuid4()}"
    config = {**config, "LoggingConfig": {"LogGroup": apart}}
    write({**function, "config": config}, *arguments, **named)
    written = cloudwatch_logs._log_groups.pop(apart, {"streams": {}})
    for name, stream in written["streams"].items():
        day, _, rest = name.rpartition("/")
        cloudwatch_logs._log_groups[group]["streams"][f"{day}/{config['FunctionName']}{rest}"] = stream


def install():
    """From now on."""
    lambda_svc._emit_lambda_logs = emit
