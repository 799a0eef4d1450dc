"""The few requests that are needed, with the standard library."""

import json
import time
import urllib.error
import urllib.request
import uuid
from decimal import Decimal


class Api:
    def __init__(self, url):
        self.url = url
        name = f"tried_{uuid.uuid4().hex}"
        self.token = None
        account = {"username": name, "password": "12ab34cd"}
        self.ask("POST", "/auth/users/", account)
        self.token = self.ask("POST", "/token/", account)["access"]

    def ask(self, method, path, body=None, kind="application/json"):
        data = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
        headers = {"Content-Type": kind} if data is not None else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()}") from None
        return json.loads(text, parse_float=Decimal) if text else None

    def upload(self, path, file):
        """Sends a file to the URL that is asked for, and gives the import."""
        size = file.stat().st_size
        name = "file.csv"
        import_ = self.ask("POST", path, {"filename": name, "size": size})
        upload = import_["upload"]
        with open(file, "rb") as body:
            request = urllib.request.Request(upload["url"], body, upload["headers"], method=upload["method"])
            urllib.request.urlopen(request).close()
        return import_

    def until(self, path, ends):
        while True:
            found = self.ask("GET", path)
            if found["status"] in ends:
                return found
            time.sleep(0.2)

    def pages(self, path):
        """Every entry of a list."""
        while path:
            page = self.ask("GET", path)
            yield from page["results"]
            path = page["next"] and page["next"].removeprefix(self.url)
