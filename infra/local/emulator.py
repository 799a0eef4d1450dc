"""Starts the emulator with eight of its faults mended. On AWS there is nothing to mend.

- A GET that names a version gets the range it asks for. Without it every chunk of an import is
  answered with the whole object, and a large file costs its square.
- S3 answers 404 only to a caller who may list, and 403 to any other. Without it a role that lacks
  that permission would be found out on AWS.
- CloudFormation wants the slashes of a media type, and of a path with limits of its own, escaped,
  and API Gateway gets them plain.
- A policy may limit a role to some partition keys of a table (`leading_keys.py`). Without it such
  a role would be refused everything.
- In a log group that functions share, a stream has the name of its function (`log_streams.py`).
- A function that was called with a task token and fails, fails its task (`task_tokens.py`).
- The base path of a custom domain stays in the event (`base_paths.py`).
- An alarm may be raised by several metrics. It stands here with the first of them: none is ever raised.
"""

import sys

import base_paths
import leading_keys
import log_streams
import task_tokens
from ministack import app
from ministack.core import iam_evaluator
from ministack.services import apigateway_v1, s3
from ministack.services.cloudformation import provisioners

answer_get, answer_head = s3._get_object, s3._head_object
create_rest_api = apigateway_v1._create_rest_api
read_method_settings = provisioners._apigw_method_settings
alarm_of_one_metric = provisioners._cw_metric_alarm_record


def get_object(bucket, key, headers, query=None):
    """As the emulator answers a GET, cut to the range if it forgot to; a 404 as S3 gives it."""
    answer = answer_get(bucket, key, headers, query)
    return told(cut(answer, headers), bucket, key, headers, query)


def head_object(bucket, key, headers=None, query=None):
    """As the emulator answers a HEAD; a 404 as S3 gives it."""
    return told(answer_head(bucket, key, headers, query), bucket, key, headers, query)


def cut(answer, headers):
    """The range that was asked for, out of an answer that is the whole object."""
    status, found, body = answer
    asked = headers.get("range", "")
    if status != 200 or not asked or not isinstance(body, bytes):
        return answer
    wanted = s3._parse_range(asked, len(body))
    if wanted is None:
        return answer
    start, end = wanted
    found["Content-Range"] = f"bytes {start}-{end}/{len(body)}"
    part = body[start : end + 1]
    found["Content-Length"] = str(len(part))
    return 206, found, part


def told(answer, bucket, key, headers, query):
    """A 404, or a 403 in its place for a caller who may not list the bucket or the key's versions."""
    status, _, body = answer
    if status != 404 or b"NoSuchBucket" in body or may_list(bucket, headers or {}, query or {}):
        return answer
    return s3._error("AccessDenied", "Access Denied", 403, f"/{bucket}/{key}")


def may_list(bucket, headers, query):
    """Whether the caller's policies allow what a missing key needs, and a missing version besides."""
    actions = ["s3:ListBucket"] + (["s3:ListBucketVersions"] if "versionId" in query else [])
    caller, region = s3.extract_access_key_id(headers, query), s3.get_region()
    arn = f"arn:aws:s3:::{bucket}"
    return all(iam_evaluator.enforce(caller, action, "s3", region, resource_arn=arn) is None for action in actions)


def rest_api(data):
    """Makes a REST API of unescaped media types."""
    types = [kind.replace("~1", "/") for kind in data.get("binaryMediaTypes") or []]
    return create_rest_api({**data, "binaryMediaTypes": types})


def unescaped(path):
    """`/~1auth~1users` is `/auth/users`."""
    return path.replace("/~1", "/", 1).replace("~1", "/")


def method_settings(raw):
    """Reads the limits of a stage, each path unescaped."""
    if not isinstance(raw, list):
        return read_method_settings(raw)
    plain = [{**item, "ResourcePath": unescaped(item.get("ResourcePath", "/*"))} for item in raw]
    return read_method_settings(plain)


def alarm(name, properties):
    """The record of an alarm. One over several metrics is refused, so it is given for the first of them."""
    stats = [item["MetricStat"] for item in properties.get("Metrics") or [] if "MetricStat" in item]
    if not stats:
        return alarm_of_one_metric(name, properties)
    first = {**stats[0]["Metric"], "Statistic": stats[0]["Stat"], "Period": stats[0]["Period"]}
    rest = {key: value for key, value in properties.items() if key != "Metrics"}
    return alarm_of_one_metric(name, {**rest, **first})


if __name__ == "__main__":
    s3._get_object, s3._head_object = get_object, head_object
    apigateway_v1._create_rest_api = rest_api
    provisioners._apigw_method_settings = method_settings
    provisioners._cw_metric_alarm_record = alarm
    leading_keys.install()
    log_streams.install()
    task_tokens.install()
    base_paths.install()
    sys.exit(app.main())
