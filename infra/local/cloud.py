"""What the developer's commands ask of the local cloud, in the AWS SDK that comes with SAM."""

import datetime
import json
import os
import re
import signal
import sys
import time
import urllib.parse

import boto3
from botocore.exceptions import BotoCoreError, ClientError


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


def logs(function="", uid="", follow=""):
    """Prints what functions named like `function` logged about `uid`, oldest first, each line after its time."""
    client, since, printed = boto3.client("logs"), 0, set()
    while True:
        events = sorted(read(client, function, since), key=lambda event: event[:2])
        for event in events:
            if uid in event[-1] and event not in printed:
                print(line(*event), flush=bool(follow))
            printed.add(event)
        if not follow:
            return
        # An invocation's lines come when it has ended; two that end at once may come one after the other.
        since = max([since] + [event[0] - 5000 for event in events])
        printed = {event for event in printed if event[0] >= since}
        time.sleep(1)


def read(client, function, since):
    """Yields time, function, stream and message of what was logged from a time on."""
    wanted = function.replace("-", "").lower()
    for page in client.get_paginator("describe_log_groups").paginate():
        for name in (group["logGroupName"] for group in page["logGroups"]):
            for event in read_group(client, name, since):
                short = short_name(event["logStreamName"])
                if wanted in short.lower():
                    yield event["timestamp"], short, event["logStreamName"], event["message"]


def short_name(stream):
    """2026/11/30/collect-ImportChunkFunction-ABC[$LATEST]0123 -> ImportChunk"""
    name = stream.rsplit("/", 1)[-1].split("[")[0]
    return name.split("-")[-2:][0].removesuffix("Function")


def read_group(client, name, since):
    """Yields the events of a group from a time on; the emulator gives 10,000 at a time and no token."""
    while True:
        events = client.filter_log_events(logGroupName=name, startTime=since)["events"]
        yield from events
        if len(events) < 10_000:
            return
        since = max(events[-1]["timestamp"], since + 1)


def line(milliseconds, function, _, message):
    """2026-11-23T10:20:30.456Z import-chunk {...}"""
    moment = datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.timezone.utc)
    verb_noun = re.sub("(?<=[a-z])(?=[A-Z])", "-", function).lower()
    return f"{moment.isoformat(timespec='milliseconds')[:-6]}Z {verb_noun} {message.rstrip()}"


def work(queue, dead_letters, *machines):
    """Prints how many messages and executions there are, as one JSON object."""
    waiting, flying = depth(queue)
    names = ("import", "rollback", "export")
    running = {name: executions(arn) for name, arn in zip(names, machines, strict=True)}
    found = {"waiting": waiting, "in_flight": flying, "dead_letters": sum(depth(dead_letters))}
    print(json.dumps(found | {"executions": running}))


def depth(queue):
    """How many messages wait, and how many are in flight."""
    counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesNotVisible"]
    found = boto3.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=counts)["Attributes"]
    waiting, delayed, flying = (int(found.get(name, 0)) for name in counts)
    return waiting + delayed, flying


def executions(machine):
    """How many executions of a state machine run."""
    pages = boto3.client("stepfunctions").get_paginator("list_executions")
    pages = pages.paginate(stateMachineArn=machine, statusFilter="RUNNING")
    return sum(len(page["executions"]) for page in pages)


def function(stack, resource):
    """Prints what a function of a deployed stack is called."""
    found = boto3.client("cloudformation").describe_stack_resource(StackName=stack, LogicalResourceId=resource)
    print(found["StackResourceDetail"]["PhysicalResourceId"])


def invoke(function):
    """Invokes a function with standard input; prints its answer."""
    answer = boto3.client("lambda").invoke(FunctionName=function, Payload=sys.stdin.read())
    said = answer["Payload"].read().decode()
    if "FunctionError" in answer:
        sys.exit(said)
    print(said)


def environment():
    """Prints what the functions find in their environment, as one JSON object."""
    variables = {}
    for page in boto3.client("lambda").get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            for name, value in function.get("Environment", {}).get("Variables", {}).items():
                if variables.setdefault(name, value) != value:
                    sys.exit(f"{name} is not the same for all functions")
    print(json.dumps(variables, sort_keys=True))


COMMANDS = {
    "put-secret": put_secret,
    "outputs": outputs,
    "logs": logs,
    "work": work,
    "function": function,
    "invoke": invoke,
    "environment": environment,
}

if __name__ == "__main__":
    if urllib.parse.urlparse(os.environ.get("AWS_ENDPOINT_URL", "")).hostname not in ("127.0.0.1", "localhost"):
        sys.exit("AWS_ENDPOINT_URL is not on this machine")
    # Ctrl-C, and a reader that has seen enough, end it without a word.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        COMMANDS[sys.argv[1]](*sys.argv[2:])
    except (BotoCoreError, ClientError) as error:
        sys.exit(str(error))
