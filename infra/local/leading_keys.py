"""Gives the emulator's policies `dynamodb:LeadingKeys`: the partition keys of the items that a call names.

AWS has the key for every call that names its items; it is absent for a Scan, and then a condition with
`ForAllValues` alone holds. An item of a transaction is authorized by itself, with its own key.
PartiQL statements, which no function sends, get no key here.
"""

import contextvars
import json

from ministack.core import iam_actions, iam_evaluator
from ministack.services import dynamodb

KEY = "dynamodb:LeadingKeys"

# The action of the request that is being authorized, and its body.
request = contextvars.ContextVar("request", default=("", {}))

plain_action = iam_actions.extract_iam_action
plain_checks = iam_actions.dynamodb_transaction_checks
plain_enforce = iam_evaluator.enforce


class OfItem(str):
    """The ARN of a table, as the resource of one item of a transaction; it carries what the item says."""

    detail = {}


def extract_iam_action(service, method, path, headers, body, params):
    """As the emulator finds the action; keeps the request for `enforce`."""
    action = plain_action(service, method, path, headers, body, params)
    request.set((action or "", parsed(body)) if service == "dynamodb" else ("", {}))
    return action


def transaction_checks(action, body, region, account):
    """As the emulator takes a transaction apart, each check with its item."""
    checks = plain_checks(action, body, region, account)
    if not checks:
        return checks
    details = [
        item[member]
        for item in parsed(body)["TransactItems"]
        if isinstance(item, dict)
        for member in iam_actions._DYNAMODB_TRANSACT_ITEM_ACTIONS
        if isinstance(item.get(member), dict) and isinstance(item[member].get("TableName"), str)
        if item[member]["TableName"]
    ]
    return [(action, of_item(arn, detail)) for (action, arn), detail in zip(checks, details, strict=True)]


def of_item(arn, detail):
    """The ARN, with what the item says."""
    resource = OfItem(arn)
    resource.detail = detail
    return resource


def enforce(access_key, action, service, region, resource_arn="*", service_context=None):
    """As the emulator decides, with the keys of the call in the context."""
    if service == "dynamodb":
        body = resource_arn.detail if isinstance(resource_arn, OfItem) else request.get()[1]
        keys = leading_keys(action.partition(":")[2], body, resource_arn)
        service_context = {**(service_context or {}), **({KEY: keys} if keys else {})}
    return plain_enforce(
        access_key, action, service, region, resource_arn=resource_arn, service_context=service_context
    )


def leading_keys(action, body, arn):
    """The partition keys that a call names in the table, or index, of this ARN."""
    name, _, index = arn.partition(":table/")[2].partition("/index/")
    table = dynamodb._tables.get(name)
    if not table:
        return []
    partition_key, _, _ = dynamodb._resolve_index_keys(table, index)
    if action == "Query":
        return of_query(body, partition_key)
    found = [item.get(partition_key) for item in items(action, body, name) if isinstance(item, dict)]
    return [str(dynamodb._extract_key_val(value)) for value in found if isinstance(value, dict)]


def of_query(body, partition_key):
    """The one partition key whose items a query asks for."""
    values, names = (body.get(f"ExpressionAttribute{it}") or {} for it in ("Values", "Names"))
    expression, conditions = body.get("KeyConditionExpression"), body.get("KeyConditions")
    if conditions:
        found = dynamodb._extract_pk_from_key_conditions(conditions, partition_key)
    else:
        found = dynamodb._extract_pk_from_condition(expression, values, names, partition_key)
    return [] if found is None else [str(found)]


def items(action, body, table):
    """The keys and items that a call names in a table."""
    if action == "PutItem":
        return [body.get("Item")]
    if action in ("GetItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"):
        return [body.get("Key")]
    requests = body.get("RequestItems")
    requests = requests if isinstance(requests, dict) else {}
    # A table is named by its name or by its ARN.
    asked = [it for name, it in requests.items() if name.rpartition("/")[2] == table]
    if action == "BatchGetItem":
        return [key for it in asked if isinstance(it, dict) for key in it.get("Keys") or []]
    if action == "BatchWriteItem":
        writes = [write for it in asked if isinstance(it, list) for write in it if isinstance(write, dict)]
        puts = [write["PutRequest"].get("Item") for write in writes if write.get("PutRequest")]
        return puts + [write["DeleteRequest"].get("Key") for write in writes if write.get("DeleteRequest")]
    return []


def parsed(body):
    """The JSON object of a body; an empty one for anything else."""
    try:
        found = json.loads(body or b"{}")
    except (ValueError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def install():
    """Puts them in the place of the emulator's own."""
    iam_actions.extract_iam_action = extract_iam_action
    iam_actions.dynamodb_transaction_checks = transaction_checks
    iam_evaluator.enforce = enforce
