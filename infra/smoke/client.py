"""Asks a deployed stack as a user does: by HTTPS, with a token, without credentials of AWS."""

import time
import urllib.parse

import requests

# An answer takes at most as long as API Gateway waits.
WITHIN = 35
# A small import is through within seconds; a first one waits for cold functions.
PATIENCE = 300


class Client:
    """One user of one stack."""

    def __init__(self, url):
        self.url = url.rstrip("/")
        self.session = requests.Session()
        # Of this machine's settings a proxy alone: the credentials of a .netrc would be sent for the token.
        self.session.trust_env = False
        self.session.proxies = {} if self.is_local() else requests.utils.get_environ_proxies(self.url)
        self.token = None

    def is_local(self):
        """Whether it is the stack of this machine."""
        return urllib.parse.urlparse(self.url).hostname in ("localhost", "127.0.0.1")

    def ask(self, method, path, signed_in=True, **more):
        """The answer to a request; a path, or the whole address that an answer named."""
        address = path if path.startswith("http") else self.url + path
        headers = dict(more.pop("headers", {}))
        if signed_in and self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.session.request(method, address, headers=headers, timeout=WITHIN, allow_redirects=False, **more)

    def wait(self, path, *ends):
        """What is at a path once its status is one of these; an error if it is at another end."""
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = expect(self.ask("GET", path), 200)
            shown = answer.json()
            if shown["status"] in ends:
                return shown
            if "Retry-After" not in answer.headers or time.monotonic() > deadline:
                raise Differs(f"{path} is {shown['status']}, {shown.get('error')}; expected {' or '.join(ends)}")
            time.sleep(min(int(answer.headers["Retry-After"]), 5))


class Differs(Exception):
    """What is not as docs/api.md says."""


def expect(answer, status):
    """The answer, if it has this status."""
    if answer.status_code != status:
        said = answer.text[:200].replace("\n", " ")
        raise Differs(f"{answer.request.method} {shown(answer.request.url)}: {answer.status_code} {said}; expected {status}")
    return answer


def shown(url):
    """An address without its query, which may be a signature."""
    return url.split("?")[0]


def equal(what, found, expected):
    """An error unless they are the same."""
    if found != expected:
        raise Differs(f"{what}: {found!r}; expected {expected!r}")
