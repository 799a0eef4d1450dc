"""What the developer's commands ask of the local cloud, in the AWS SDK that comes with SAM."""

import json
import os
import sys
import urllib.parse

import boto3
from botocore.exceptions import ClientError


def put_secret(name):
    """Stores standard input under a name; prints the ARN."""
    secrets, value = boto3.client("secretsmanager"), sys.stdin.read()
    try:
        print(secrets.create_secret(Name=name, SecretString=value)["ARN"])
    except secrets.exceptions.ResourceExistsException:
        print(secrets.put_secret_value(SecretId=name, SecretString=value)["ARN"])


def outputs(stack):
    """Prints the outputs of a deployed stack as one JSON object."""
    found = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    print(json.dumps({o["OutputKey"]: o["OutputValue"] for o in found["Outputs"]}))


def logs(function=""):
    """Prints what the functions logged, oldest first; all of them or those named like `function`."""
    client, wanted = boto3.client("logs"), function.replace("-", "").lower()
    events = []
    for page in client.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            name = group["logGroupName"].rsplit("/", 1)[-1]
            if wanted in name.lower():
                short = name.split("-")[-2] if name.count("-") >= 2 else name
                events += [(e["timestamp"], short, e["message"]) for e in read(client, group)]
    for _, name, message in sorted(events, key=lambda e: e[0]):
        print(f"{name}: {message.rstrip()}")


def read(client, group):
    pages = client.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
    for page in pages:
        yield from page["events"]


def environment():
    """Prints what the functions find in their environment, as one JSON object."""
    variables = {}
    for page in boto3.client("lambda").get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            for name, value in function.get("Environment", {}).get("Variables", {}).items():
                if variables.setdefault(name, value) != value:
                    sys.exit(f"{name} is not the same for all functions")
    print(json.dumps(variables, sort_keys=True))


COMMANDS = {"put-secret": put_secret, "outputs": outputs, "logs": logs, "environment": environment}

if __name__ == "__main__":
    if urllib.parse.urlparse(os.environ.get("AWS_ENDPOINT_URL", "")).hostname not in ("127.0.0.1", "localhost"):
        sys.exit("AWS_ENDPOINT_URL is not on this machine")
    try:
        COMMANDS[sys.argv[1]](*sys.argv[2:])
    except ClientError as error:
        sys.exit(str(error))
