"""Asks a deployed stack what no emulator can answer, as a user, and deletes what it made.

`cargo xtask smoke --url ADDRESS` runs it. One line for each check: what was asked, whether the answer
is that of docs/api.md, and which assumption that settles.
"""

import argparse
import sys
import urllib.parse

import requests
from checks import CHECKS
from client import Client, Differs, expect


class Run(Client):
    """One run: who it is, and what it has made."""

    def __init__(self, url, origin):
        super().__init__(url)
        self.origin = origin
        self.made, self.account, self.password = [], None, None
        self.rows, self.note = 0, ""

    def upload(self, **body):
        """The path of an import of a file that the request brings along."""
        made = expect(self.ask("POST", "/collect/team/", **body), 201).json()
        self.made.append(f"/collect/team/{made['id']}/")
        return self.made[-1]

    def clean_up(self):
        """Deletes what was made; yields what could not be."""
        for path in reversed(self.made):
            answer = self.ask("DELETE", path)
            # With an import go the exports that hold its rows.
            if answer.status_code not in (204, 404):
                yield f"{path} could not be deleted: {answer.status_code} {answer.text[:200]}"
        if self.account:
            body = {"current_password": self.password}
            gone = self.token and self.ask("DELETE", "/auth/users/me/", json=body).status_code in (202, 204)
            if not gone:
                yield f"the account {self.account} could not be deleted"


def run_one(run, title, settles, function):
    """Runs one check and says how it went. True: as expected."""
    run.note = ""
    try:
        function(run)
    except (Differs, requests.RequestException, KeyError, ValueError, TypeError) as error:
        print(f"DIFFERS  {title}: {error or type(error).__name__}\n         not settled: {settles}", flush=True)
        return False
    print(f"ok       {title}{' (' + run.note + ')' if run.note else ''}\n         settles: {settles}", flush=True)
    return True


def main():
    parser = argparse.ArgumentParser(prog="cargo xtask smoke")
    parser.add_argument("url")
    parser.add_argument("--origin", default="")
    arguments = parser.parse_args()
    run = Run(arguments.url, arguments.origin)
    if not run.is_local() and urllib.parse.urlparse(run.url).scheme != "https":
        sys.exit("the address must begin with https://")
    differing = 0
    try:
        for title, settles, on_aws_only, function in CHECKS:
            if on_aws_only and run.is_local():
                print(f"not here {title}\n         on AWS it settles: {settles}", flush=True)
            elif not run_one(run, title, settles, function):
                differing += 1
    finally:
        for left in run.clean_up():
            print(f"left     {left}", flush=True)
    print(f"{differing} of {len(CHECKS)} differ" if differing else "nothing differs")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
