"""What is asked of a stack, in order. Each says which assumption it settles that no emulator can."""

import secrets

from client import Differs, equal, expect

# The largest file that a form may have: docs/api.md.
FORM_AT_MOST = 4_613_734
HEADING = "team_name, manager_name, manager_phone_number\n"
ROW = "Team {0}, Manager {0}, (674) 566-5530\n"
SECURITY = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}

CHECKS = []


def check(title, settles, on_aws_only=False):
    """Adds a function to the list."""

    def add(function):
        CHECKS.append((title, settles, on_aws_only, function))
        return function

    return add


def teams(count):
    """A file of so many teams."""
    return (HEADING + "".join(ROW.format(number) for number in range(count))).encode()


def exactly(size):
    """A file of teams of so many bytes; a letter more in each of the first records fills it."""
    length = len(ROW.format(1_000_000))
    rows, left = divmod(size - len(HEADING), length)
    lines = (ROW.format(1_000_000 + number) for number in range(rows))
    lines = (line.replace("Manager", "Managers") if number < left else line for number, line in enumerate(lines))
    return (HEADING + "".join(lines)).encode(), rows


def form(file):
    """What makes a multipart form of a file."""
    return {"files": {"file": ("smoke.csv", file, "text/csv")}}


@check("the service and its database answer", "the functions start: architecture, glibc, roots of the database, subnets, secrets")
def up(run):
    equal("/healthz", expect(run.ask("GET", "/healthz"), 200).json()["status"], "ok")
    equal("/readyz", expect(run.ask("GET", "/readyz"), 200).json()["status"], "ok")


@check("sign-up and sign-in, with a slash at the end and without", "API Gateway routes /token/ to /token")
def sign_in(run):
    name, password = f"smoke-{secrets.token_hex(6)}", secrets.token_urlsafe(18)
    login = {"username": name, "password": password}
    run.account, run.password = name, password
    expect(run.ask("POST", "/auth/users/", json=login), 201)
    for path in ("/token", "/token/"):
        pair = expect(run.ask("POST", path, data=login), 200).json()
        run.token = pair["access"]
    expect(run.ask("GET", "/collect/team"), 200)
    expect(run.ask("GET", "/collect/team/"), 200)


@check("who is not signed in is told how", "under which name WWW-Authenticate arrives")
def unauthorized(run):
    answer = expect(run.ask("GET", "/collect/team/", signed_in=False), 401)
    names = ("WWW-Authenticate", "x-amzn-Remapped-WWW-Authenticate")
    found = [name for name in names if name in answer.headers]
    if not found:
        raise Differs("a 401 has no WWW-Authenticate under any name")
    equal(found[0], answer.headers[found[0]], 'Bearer realm="api"')
    run.note = f"as {found[0]}"


@check("what is not there, and a method that is not", "every path has a route; the gateway's own answers have our words")
def not_there(run):
    answer = expect(run.ask("GET", "/no/such/path"), 404)
    equal("404", answer.json(), {"detail": "Not found."})
    answer = expect(run.ask("PUT", "/collect/team/"), 405)
    equal("405", answer.json(), {"detail": 'Method "PUT" not allowed.'})


@check("a method that has no route", "MISSING_AUTHENTICATION_TOKEN is what the gateway says to it", on_aws_only=True)
def no_route(run):
    answer = expect(run.ask("PROPFIND", "/collect/team/"), 405)
    equal("405", answer.json(), {"detail": 'Method "PROPFIND" not allowed.'})


@check("pages of other origins", "OPTIONS reaches the function, and no header is lost")
def origins(run):
    asked = {"Origin": "https://nobody.invalid", "Access-Control-Request-Method": "GET"}
    answer = run.ask("OPTIONS", "/collect/team/", headers=asked)
    equal("Access-Control-Allow-Origin", answer.headers.get("Access-Control-Allow-Origin"), None)
    if run.origin:
        answer = expect(run.ask("OPTIONS", "/collect/team/", headers=asked | {"Origin": run.origin}), 204)
        equal("Access-Control-Allow-Origin", answer.headers.get("Access-Control-Allow-Origin"), run.origin)
        equal("Vary", "Origin" in answer.headers.get("Vary", ""), True)
    else:
        run.note = "no --origin was given: only that another is let in by none"


@check("a form of 4.4 MiB", "BinaryMediaTypes and base64 on the way: the largest file fits into what Lambda takes")
def largest_form(run):
    file, rows = exactly(FORM_AT_MOST)
    made = run.upload(**form(file))
    shown = run.wait(made, "completed")
    equal("rows", shown["progress"]["rows_imported"], rows)
    run.rows = rows


@check("forms that are too large", "Lambda's and the gateway's own 413 have our words")
def too_large(run):
    for size in (FORM_AT_MOST + 1, 6_000_000, 11_000_000):
        answer = expect(run.ask("POST", "/collect/team/", **form(b"x" * size)), 413)
        equal(f"code of {size} bytes", answer.json().get("code"), "file_too_large")
        for name, value in SECURITY.items():
            equal(f"{name} of {size} bytes", answer.headers.get(name), value)


@check("rows, and the next page", "links begin with the address that was asked; + and %2B in a query arrive as sent")
def pages(run):
    page = expect(run.ask("GET", "/collect/team/rows/?limit=2"), 200).json()
    equal("rows of a page", len(page["results"]), 2)
    equal("next", (page["next"] or "").startswith(run.url + "/"), True)
    equal("rows of the next page", len(expect(run.ask("GET", page["next"]), 200).json()["results"]), 2)
    for text in ("Team+1000001", "Team%201000001"):
        found = expect(run.ask("GET", f"/collect/team/rows/?team_name={text}"), 200).json()["results"]
        equal(f"rows of {text}", len(found), 1)


@check("an export and its link", "a link that a function signs opens until it expires")
def export(run):
    asked = expect(run.ask("POST", "/collect/exports/", json={"dataset": "team"}), 201).json()
    path = f"/collect/exports/{asked['id']}/"
    run.made.append(path)
    if run.wait(path, "completed", "needs_confirmation")["status"] != "completed":
        expect(run.ask("POST", path + "confirm/"), 202)
    link = run.wait(path, "completed")["download"]
    file = expect(run.ask("GET", link["url"], signed_in=False), 200)
    equal("bytes", len(file.content), link["bytes"])
    equal("lines", file.text.count("\n"), run.rows + 1)
    equal("name", link["file"] in file.headers.get("Content-Disposition", ""), True)


@check("an upload URL, once", "a presigned PUT with If-None-Match; which headers must be sent")
def presigned(run):
    file = teams(1000)
    made = expect(run.ask("POST", "/collect/team/", json={"filename": "smoke.csv", "size": len(file)}), 201).json()
    path = f"/collect/team/{made['id']}/"
    run.made.append(path)
    upload = made["upload"]
    equal("headers", sorted(name.lower() for name in upload["headers"]), ["content-length", "if-none-match"])
    sent = {name: value for name, value in upload["headers"].items() if name.lower() != "content-length"}
    asked = {"Origin": "https://nobody.invalid", "Access-Control-Request-Method": "PUT"}
    answer = expect(run.ask("OPTIONS", upload["url"], signed_in=False, headers=asked), 200)
    equal("Access-Control-Allow-Origin of the bucket", answer.headers.get("Access-Control-Allow-Origin"), "*")
    expect(run.ask("PUT", upload["url"], signed_in=False, data=file, headers=sent), 200)
    expect(run.ask("PUT", upload["url"], signed_in=False, data=file, headers=sent), 412)
    equal("rows", run.wait(path, "completed")["progress"]["rows_imported"], 1000)


@check("an upload with a header that is not signed", "S3 refuses x-amz-* headers that the signature does not name", on_aws_only=True)
def not_signed(run):
    made = expect(run.ask("POST", "/collect/team/", json={"filename": "smoke.csv", "size": 3}), 201).json()
    run.made.append(f"/collect/team/{made['id']}/")
    upload = made["upload"]
    sent = {"If-None-Match": "*", "x-amz-meta-smoke": "1"}
    expect(run.ask("PUT", upload["url"], signed_in=False, data=b"a\nb", headers=sent), 403)


@check("rejected records", "finish-import may write their file, and the link to it opens")
def rejects(run):
    made = run.upload(**form(teams(3) + b"a team without the rest\n"))
    shown = run.wait(made, "completed")
    counts = shown["progress"]
    equal("imported and rejected", (counts["rows_imported"], counts["rows_rejected"]), (3, 1))
    file = expect(run.ask("GET", shown["rejected_rows_url"], signed_in=False), 200)
    equal("the record is in it", "a team without the rest" in file.text, True)
    errors = expect(run.ask("GET", made + "errors/"), 200).json()["results"]
    equal("row errors", [it["record"] for it in errors], [4])


@check("taking everything back, with proof", "events of S3 and Step Functions, the queue and its workers; the rollback's rights")
def take_back(run):
    for path in [it for it in run.made if it.startswith("/collect/team/")]:
        if expect(run.ask("GET", path), 200).json()["status"] == "completed":
            expect(run.ask("POST", path + "cancel/"), 202)
            rows = expect(run.ask("GET", path), 200).json()["progress"]
            equal("rows that are seen", rows["rows_visible"], 0)
            proof = run.wait(path, "cancelled")["rollback"]
            equal("proof", proof, {"rows_deleted": rows["rows_imported"], "rows_remaining": 0})
    page = expect(run.ask("GET", "/collect/team/rows/?limit=2"), 200).json()
    equal("rows that are left", page["results"], [])
