"""The listening side: HTTPS and HTTP on loopback, the services behind it, faults, and what the tests ask about it all."""
# SPDX-License-Identifier: MIT

import hashlib
import http.server
import json
import os
import socket
import ssl
import threading
import time
import urllib.parse
import warnings

import faults
import files
from azure import Azure
from multipart import Violation
from platform_fake import Platform
from smarty import Smarty

SAMPLES = os.path.join(os.path.dirname(__file__), "..", "samples")


class World:
    """What all listeners share."""

    def __init__(self, token):
        self.smarty = Smarty(token)
        self.platforms = {name: Platform(name, token) for name in ("neuroio", "serp")}
        self.azure = Azure(token)
        # another account of the same service, at the path /other: it sees the snapshots that it may apply
        self.other_azure = Azure(token, "00000000-0000-4000-8000-00000000000b", self.azure.shared)
        self.faults = faults.Faults()
        self.lock = threading.Lock()
        self.violations = []
        self.requests = 0
        self.samples = []
        self.strangers = 0
        self.connections = 0
        self.ranges = 0
        self.arrivals = []

    def count(self):
        with self.lock:
            self.requests += 1
            self.arrivals.append(time.monotonic())

    def note_violation(self, words):
        with self.lock:
            self.violations.append(words)

    def next_sample(self):
        with self.lock:
            return self.samples.pop(0) if self.samples else None

    def control(self, verb, order):
        """What the tests ask of the fake itself; their requests meet no faults."""
        if verb == "faults":
            self.faults.plan(order)
        elif verb == "storm":
            self.faults.storm(order["rate"], order["seed"])
        elif verb == "samples":
            self.samples = list(order)
        elif verb == "reset":
            self.smarty.reset()
            for platform in self.platforms.values():
                platform.reset()
            self.azure.reset()
            self.other_azure.reset()
            self.faults.reset()
            self.samples = []
            self.arrivals = []
            self.requests = self.connections = self.ranges = 0
        elif verb in self.platforms:
            self.platforms[verb].order(order)
        elif verb == "azure":
            self.azure.order(order)
        elif verb == "smarty":
            self.smarty.order(order)
        elif verb == "state":
            return {
                **{name: platform.state() for name, platform in self.platforms.items()},
                "spaces": self.smarty.state(),
                "groups": self.azure.state(),
                "containers": self.azure.all_containers(),
                "others": self.other_azure.all_containers(),
                "snapshots": len(self.azure.shared.snapshots),
                "operations": sorted(self.azure.requested),
                "requests": self.requests,
                "arrivals": self.arrivals,
                "connections": self.connections,
                "ranges": self.ranges,
                "violations": self.violations,
                "strangers": self.strangers,
                "faults": self.faults.counts,
            }
        else:
            raise Violation(f"no such order: {verb}")
        return {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536

    def log_message(self, format, *arguments):
        pass

    def setup(self):
        super().setup()
        with self.server.world.lock:
            self.server.world.connections += 1

    # ---- answers ----

    def send_head(self, status, headers):
        self.send_response(status)
        self.send_header("X-Request-Id", "fake-%d" % self.server.world.requests)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send_bytes(self, status, body, content_type, extra=None):
        self.send_head(status, {"Content-Type": content_type, "Content-Length": str(len(body)), **(extra or {})})
        self.wfile.write(body)

    def send_answer(self, answer):
        """A text, or an HTTP status and a text, or these and headers."""
        status, text, *extra = answer if isinstance(answer, tuple) else (200, answer)
        if status == 204:
            self.send_head(status, {})
        else:
            self.send_text(status, text, *extra)

    def send_text(self, status, text, extra=None):
        self.send_bytes(status, text.encode(), "application/json; charset=utf-8", extra)

    # ---- requests ----

    def read_body(self):
        """The body, or None when the client went away before its end."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        return body if len(body) == length else None

    def serve(self):
        world = self.server.world
        url = urllib.parse.urlsplit(self.path)
        if not url.path.startswith("/control/") and world.faults.is_next("hang-up-early"):
            world.count()
            faults.hang_up(self)
            return
        body = self.read_body()
        if body is None:
            self.close_connection = True
            return
        if url.path.startswith("/control/"):
            self.send_text(200, json.dumps(world.control(url.path[9:], json.loads(body or b"null"))))
            return
        world.count()
        if url.path.startswith("/files/"):
            files.serve(self, url.path)
            return
        sample = world.next_sample()
        if isinstance(sample, dict):
            self.send_text(sample.get("http", 200), json.dumps(sample["body"]))
            return
        if sample:
            with open(os.path.join(SAMPLES, sample), "rb") as file:
                self.send_bytes(200, file.read(), "application/json")
            return
        fault = world.faults.next()

        def answer():
            return self.dispatch(url, body)

        if fault:
            faults.inject(self, fault, answer)
        else:
            self.send_answer(answer())

    def dispatch(self, url, body):
        headers = {name.lower(): value for name, value in self.headers.items()}
        if url.path.startswith("/echo"):
            return self.echo(url, headers, body)
        if url.path.split("/")[1].removesuffix("-iam") in self.server.world.platforms:
            return self.serve_platform(url, headers, body)
        if url.path.startswith("/face/v1.0/"):
            return self.serve_azure(self.server.world.azure, url, headers, body)
        if url.path.startswith("/other/face/v1.0/"):
            return self.serve_azure(self.server.world.other_azure, url, headers, body)
        verb = url.path.removeprefix("/api/v1/persons/")
        try:
            if self.command != "POST" or verb not in ("set", "recognize", "delete", "truncate"):
                raise Violation(f"{self.command} {url.path}")
            return self.server.world.smarty.answer(verb, url.query, headers, body)
        except (Violation, ValueError) as violation:
            self.server.world.note_violation(f"{verb}: {violation}")
            return '{"status":400,"body":"violation","htmlencoded":false,"last_modified":0}'

    def serve_platform(self, url, headers, body):
        """/neuroio/v1/..., and what NeuroIO has at its other address under /neuroio-iam/v1/..."""
        _, place, path = url.path.split("/", 2)
        name = place.removesuffix("-iam")
        try:
            return self.server.world.platforms[name].answer(self.command, "/" + path, url.query, headers, body, place != name)
        except (Violation, ValueError) as violation:
            self.server.world.note_violation(f"{name}: {self.command} {url.path}: {violation}")
            return 400, '{"error_codes":[400],"message":"Violation.","fields":[]}'

    def serve_azure(self, azure, url, headers, body):
        try:
            path = url.path.removeprefix("/other").removeprefix("/face/v1.0")
            return azure.answer(self.command, path, url.query, headers, body)
        except (Violation, ValueError) as violation:
            self.server.world.note_violation(f"{self.command} {url.path}: {violation}")
            return 400, '{"error":{"code":"BadArgument","message":"violation"}}'

    def echo(self, url, headers, body):
        return json.dumps({
            "method": self.command,
            "path": url.path,
            "query": url.query,
            "headers": headers,
            "length": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
        })

    def do_POST(self):
        try:
            self.serve()
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    do_GET = do_PUT = do_PATCH = do_DELETE = do_POST

    def do_CONNECT(self):
        """As a proxy it connects to nobody: proxy407.example is refused with 407."""
        self.close_connection = True
        self.send_text(int(self.path.removeprefix("proxy")[:3]), "")


class Stranger(Handler):
    """Another host, which nobody should ever talk to."""

    def serve(self):
        with self.server.world.lock:
            self.server.world.strangers += 1
        self.send_text(200, "{}")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, world, address="127.0.0.1", handler=Handler, certificate=None, old_tls=False):
        super().__init__((address, 0), handler)
        self.world = world
        self.elsewhere = ""
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate[1], certificate[0])
        if old_tls:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                self.context.minimum_version = ssl.TLSVersion.TLSv1
                self.context.maximum_version = ssl.TLSVersion.TLSv1_1
            self.context.set_ciphers("ALL:@SECLEVEL=0")

    def finish_request(self, request, client_address):
        # The handshake runs in the connection's own thread, so that a client that breaks it off holds up nobody.
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.context:
            try:
                request = self.context.wrap_socket(request, server_side=True)
            except (ssl.SSLError, OSError):
                return
        super().finish_request(request, client_address)

    def handle_error(self, request, client_address):
        pass

    @property
    def url(self):
        scheme = "https" if self.context else "http"
        return f"{scheme}://{self.server_address[0]}:{self.server_address[1]}"

    def start(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self
