"""Ways in which a service lets its clients down, one for each request that asks for trouble.

A fault is a text: its name and, behind a colon, its argument. Those marked `done` carry the request out first, so that a client
that repeats what may not be repeated is found out.
"""
# SPDX-License-Identifier: MIT

import random
import socket
import threading
import time

HTML = b"<html><head><title>Sign in</title></head><body>Please accept our terms.</body></html>"

# What a storm of faults draws from. 100 MB answers and slow ones take their time and are asked for by name.
STORM = ["429:0", "503:0", "500", "500-done", "cut", "cut-done", "short-done", "html-done", "bad-json-done", "deep-json-done",
         "redirect", "502"]


class Faults:
    """Which request gets which fault: a queue, then a storm with a seed, then none."""

    def __init__(self):
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        self.queue = []
        self.storm_rate = 0.0
        self.random = random.Random(0)
        self.counts = {}
        self.meetings = {}

    def meet(self, count):
        """Wait until so many requests are here at once, for at most a minute. False: they are not."""
        with self.lock:
            meeting = self.meetings.setdefault(count, threading.Barrier(count, timeout=60))
        try:
            meeting.wait()
            return True
        except threading.BrokenBarrierError:
            return False

    def plan(self, queue):
        with self.lock:
            self.queue = list(queue)

    def storm(self, rate, seed):
        with self.lock:
            self.storm_rate = rate
            self.random = random.Random(seed)

    def is_next(self, fault):
        """Take this fault out of the queue if its turn has come."""
        with self.lock:
            due = self.queue[:1] == [fault]
            if due:
                self.queue.pop(0)
            return due

    def next(self):
        with self.lock:
            fault = None
            if self.queue:
                fault = self.queue.pop(0)
            elif self.random.random() < self.storm_rate:
                fault = self.random.choice(STORM)
            if fault:
                self.counts[fault] = self.counts.get(fault, 0) + 1
            return fault


def hang_up(handler):
    """Close the connection as it stands, without a TLS farewell."""
    handler.close_connection = True
    try:
        handler.connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def send_cut(handler, answer):
    """Half of the answer under the whole one's length."""
    handler.send_head(200, {"Content-Type": "application/json", "Content-Length": str(len(answer))})
    handler.wfile.write(answer[: len(answer) // 2])
    handler.wfile.flush()
    hang_up(handler)


def send_slowly(handler, answer, seconds):
    handler.send_head(200, {"Content-Type": "application/json", "Content-Length": str(len(answer))})
    for i in range(len(answer)):
        handler.wfile.write(answer[i : i + 1])
        handler.wfile.flush()
        time.sleep(seconds)


def send_huge(handler):
    """100 MB in chunks, so that no length warns of it."""
    handler.send_head(200, {"Content-Type": "application/json", "Transfer-Encoding": "chunked"})
    block = b" " * 0x100000
    for _ in range(100):
        handler.wfile.write(b"100000\r\n" + block + b"\r\n")
    handler.wfile.write(b"0\r\n\r\n")


def failure(handler, status):
    """A failure in the words of the service whose path was asked for."""
    if handler.path.startswith("/face/"):
        return '{"error":{"code":"%s","message":"Internal server error."}}' % status
    return '{"status":%s,"body":"Internal Server Error","htmlencoded":false,"last_modified":0}' % status


def error_body(handler):
    """An error in the shape of the service whose path was asked for, to be sent with a status that reports a success."""
    place = handler.path.split("/")[1].removesuffix("-iam")
    return {
        "face": '{"error":{"code":"InternalError","message":"Internal server error."}}',
        "neuroio": '{"error_codes":[500],"message":"Internal server error.","fields":[]}',
        "serp": '{"detail":[{"loc":[],"msg":"Internal server error","code":500}]}',
    }.get(place, '{"status":200,"body":{"error":"Internal server error"},"htmlencoded":false,"last_modified":0}')


def inject(handler, fault, answer):
    """Answer with a fault; `answer` carries the request out and gives its text. False: the fault is the answer's own affair."""
    name, _, argument = fault.partition(":")
    text = b'{"status":200,"body":{},"htmlencoded":false,"last_modified":0}'
    if name.endswith("-done"):
        given = answer()
        text = (given[1] if isinstance(given, tuple) else given).encode()
    name = name.removesuffix("-done")
    if name in ("404", "413", "429", "500", "502", "503", "504"):
        extra = {"Retry-After": argument} if argument else {}
        handler.send_text(int(name), failure(handler, name), extra)
    elif name == "conflict":
        handler.send_text(409, '{"error":{"code":"ConcurrentOperationConflict","message":"There is a conflict operation."}}')
    elif name == "429-in-words":
        words = "Rate limit is exceeded. Try again in %s seconds." % argument
        handler.send_text(429, '{"error":{"code":"429","message":"%s"}}' % words)
    elif name == "envelope":
        handler.send_text(200, '{"status":%s,"body":"Internal Server Error","htmlencoded":false,"last_modified":0}' % argument)
    elif name == "error-body":
        handler.send_text(200, error_body(handler))
    elif name == "foreign":
        handler.send_text(200, '[{"id":7,"login":"octocat"}]')
    elif name == "flood":
        # 3.8 MB of the smallest values that JSON has
        handler.send_text(200, '{"status":200,"body":[' + "0," * 1900000 + "0]}")
    elif name == "flood-names":
        # 3.8 MB of members that cost the most memory for their text, just below the limit of values
        members = ",".join('"n%06d":"v%06d"' % (i, i) for i in range(190000))
        handler.send_text(200, '{"status":200,"body":{%s}}' % members)
    elif name == "cut":
        send_cut(handler, text)
    elif name == "silence":
        hang_up(handler)
    elif name == "short":
        handler.send_head(200, {"Content-Type": "application/json", "Content-Length": str(len(text) + 100)})
        handler.wfile.write(text)
        handler.wfile.flush()
        hang_up(handler)
    elif name == "html":
        handler.send_bytes(int(argument or 200), HTML, "text/html; charset=utf-8")
    elif name == "stall":
        # no answer, until the client goes away
        handler.connection.settimeout(None)
        try:
            handler.rfile.read(1)
        except OSError:
            pass
        handler.close_connection = True
    elif name == "redirect":
        handler.send_text(302, "", {"Location": handler.server.elsewhere + handler.path})
    elif name == "huge":
        send_huge(handler)
    elif name == "slow":
        send_slowly(handler, text, float(argument))
    elif name == "meet":
        world = handler.server.world
        if not world.faults.meet(int(argument)):
            world.note_violation(f"fewer than {argument} requests were under way at once")
        handler.send_answer(answer())
    elif name == "bad-json":
        handler.send_text(200, text.decode()[:-1] + ",}")
    elif name == "deep-json":
        handler.send_text(200, "[" * 100000 + "]" * 100000)
    elif name == "long-header":
        handler.send_text(200, text.decode(), {"X-Long": "x" * 60000, "X-Longer": "x" * 60000})
    elif name == "echo-escaped":
        # the token as JSON and as a URL may also spell it; the answer's reader finds the plain token
        token = handler.server.world.smarty.token
        escaped = "".join(c if c.isalnum() else "\\u%04X" % ord(c) for c in token)
        slashes = token.replace("/", "\\/")
        quoted = "".join("%%%02x" % ord(c) for c in token)
        words = f"bad tokens {escaped} {slashes} {quoted}"
        handler.send_text(400, '{"status":400,"body":"%s","htmlencoded":false,"last_modified":0}' % words)
    elif name == "echo-query":
        handler.send_text(400, '{"status":400,"body":"bad query %s","htmlencoded":false,"last_modified":0}' % handler.path)
    else:
        raise ValueError(fault)
