"""Times a function from its start to the moment when it asks Lambda for its first event.

A function reads its settings and its secrets before that. It gets the variables of the template, and
secrets that open nothing, from a server in this process, which is Lambda, Secrets Manager and DynamoDB to it.
"""

import base64
import json
import os
import pathlib
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Lambda gives a function ten seconds before it is started anew.
WITHIN = 10.0
NEXT = "/2018-06-01/runtime/invocation/next"

ARN = "arn:aws:{0}:us-east-1:123456789012:{1}"
SECRET = ARN.format("secretsmanager", "secret:collect-AbCdEf")
SIGNING_KEY = ARN.format("secretsmanager", "secret:signing-key-AbCdEf")
MACHINE = ARN.format("states", "stateMachine:collect")

# Those of template.yaml. A function that lacks one does not start, so none is missing here unnoticed.
SETTINGS = {
    "ACCOUNTS_TABLE": "accounts",
    "ADDRESS_SECRET_ARN": SECRET,
    "ALLOWED_ORIGINS": "",
    "AUDIT_DAYS": "365",
    "AUDIT_TABLE": "audit",
    "CHECK_HS256": "nobody",
    "CHUNK_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/chunks",
    "CHUNK_TIMEOUT_SECONDS": "60",
    "CHUNK_VISIBILITY_SECONDS": "360",
    "DATABASE_HOST": "database.invalid",
    "DATABASE_MAKER_SECRET_ARN": SECRET,
    "DATABASE_NAME": "collect",
    "DATABASE_OWNER_SECRET_ARN": SECRET,
    "DATABASE_PORT": "5432",
    "DATABASE_READER_SECRET_ARN": SECRET,
    "DATABASE_ROOTS_ARN": "",
    "DATABASE_TLS": "verify-full",
    "DATABASE_USER": "",
    "DATABASE_WORKER_SECRET_ARN": SECRET,
    "DATASETS_AT_MOST": "2000",
    "EXPORT_CONFIRM_ABOVE": "1000000",
    "EXPORT_DAYS": "7",
    "EXPORT_STATE_MACHINE_ARN": MACHINE,
    "FAILED_SIGN_INS_FROM_ADDRESS": "50",
    "FAILED_SIGN_INS_OF_USER": "100",
    "FAILED_SIGN_INS_OF_USER_FROM_ADDRESS": "10",
    "IMPORT_STATE_MACHINE_ARN": MACHINE,
    "MAXIMUM_CONCURRENCY": "16",
    "PUBLIC_URL": "",
    "QUOTAS": "imports_open=20",
    "ROLLBACK_STATE_MACHINE_ARN": MACHINE,
    "RUST_LOG": "info",
    "SIGNING_KEY_ARN": SIGNING_KEY,
    "SIGNING_SECRET_ARN": "",
    "SIGN_UPS_FROM_ADDRESS": "20",
    "SIGN_WITH": "EdDSA",
    "TOKEN_ISSUER": "collect",
    "TRUSTED_PROXIES": "",
    "UPLOAD_DAYS": "30",
    "UPLOAD_BUCKET": "collect-uploads",
    "UPLOAD_ORIGIN": "https://collect-uploads.s3.us-east-1.amazonaws.com",
}
LOGIN = json.dumps({"username": "collect", "password": "opens nothing"})
# The example of RFC 8037, its private half as PKCS#8: nobody's key.
SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
PUBLIC = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
KEY = base64.b64encode(bytes.fromhex("302e020100300506032b657004220420" + SEED)).decode()
VALUES = {SECRET: LOGIN, SIGNING_KEY: f"-----BEGIN PRIVATE KEY-----\n{KEY}\n-----END PRIVATE KEY-----\n"}
KID = "1" * 32
IN_RING = {"kid": {"S": KID}, "x": {"S": PUBLIC}, "made_at": {"S": "2026-01-01T00:00:00Z"}, "ends_at": {"NULL": True}}
RING = {"pk": {"S": "KEY#ring"}, "revision": {"N": "1"}, "keys": {"L": [{"M": IN_RING}]}}


class NotStarted(Exception):
    """A function ended, or took too long, before it asked for an event."""


class Asked(BaseHTTPRequestHandler):
    """Lambda, Secrets Manager and DynamoDB to one function."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """The first poll is what is waited for; no event ever comes."""
        if self.path == NEXT:
            self.server.polled_at = time.perf_counter()
            self.server.polled.set()
        self.server.over.wait()

    def do_POST(self):
        """A secret, the key ring, or a report that the function cannot start."""
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "{}")
        arn = asked.get("SecretId")
        answer = {"ARN": arn, "Name": "collect", "VersionId": KID, "SecretString": VALUES.get(arn)} if arn else {"Item": RING}
        answer = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        """Nothing."""


def environment(port):
    """What the function is started with, and nothing else."""
    here = f"127.0.0.1:{port}"
    return {
        **SETTINGS,
        "PATH": os.environ.get("PATH", ""),
        "AWS_LAMBDA_RUNTIME_API": here,
        "AWS_LAMBDA_FUNCTION_NAME": "collect",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_GROUP_NAME": "collect",
        "AWS_LAMBDA_LOG_STREAM_NAME": "collect",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_ENDPOINT_URL": f"http://{here}",
    }


def milliseconds(path: pathlib.Path) -> float:
    """From the start of the program to its first poll."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    server.daemon_threads = True
    server.polled, server.over = threading.Event(), threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    begun = time.perf_counter()
    function = subprocess.Popen(
        [str(path)], env=environment(server.server_port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        while not server.polled.wait(0.05):
            if function.poll() is not None:
                said = function.stdout.read().strip().splitlines()
                raise NotStarted(said[-1] if said else f"it ended with {function.returncode}")
            if time.perf_counter() - begun > WITHIN:
                raise NotStarted(f"it has not asked for an event within {WITHIN:.0f} s")
        return (server.polled_at - begun) * 1000
    finally:
        server.over.set()
        function.kill()
        function.wait()
        function.stdout.close()
        server.shutdown()
        server.server_close()
