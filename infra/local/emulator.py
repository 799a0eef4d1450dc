"""Starts the emulator with two of its faults mended. On AWS there is nothing to mend.

- A GET that names a version gets the range it asks for. Without it every chunk of an import is
  answered with the whole object, and a large file costs its square.
- CloudFormation wants the slash of a media type escaped, and API Gateway gets it plain.
"""

import sys

from ministack import app
from ministack.services import apigateway_v1, s3

answer_whole = s3._get_object
create_rest_api = apigateway_v1._create_rest_api


def get_object(bucket, key, headers, query=None):
    """As the emulator answers, cut to the range if it forgot to."""
    status, found, body = answer_whole(bucket, key, headers, query)
    asked = headers.get("range", "")
    if status != 200 or not asked or not isinstance(body, bytes):
        return status, found, body
    cut = s3._parse_range(asked, len(body))
    if cut is None:
        return status, found, body
    start, end = cut
    found["Content-Range"] = f"bytes {start}-{end}/{len(body)}"
    part = body[start : end + 1]
    found["Content-Length"] = str(len(part))
    return 206, found, part


def rest_api(data):
    """Makes a REST API of unescaped media types."""
    types = [kind.replace("~1", "/") for kind in data.get("binaryMediaTypes") or []]
    return create_rest_api({**data, "binaryMediaTypes": types})


if __name__ == "__main__":
    s3._get_object = get_object
    apigateway_v1._create_rest_api = rest_api
    sys.exit(app.main())
