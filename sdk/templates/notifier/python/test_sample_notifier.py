# SPDX-License-Identifier: Apache-2.0
import http.server
import json
import threading

import pytest
from headwind import Event, Undeliverable

from sample_notifier import send


@pytest.fixture
def server():
    """A server on this machine that answers with server.status and remembers the bodies."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as running:
        running.status, running.bodies = 204, []
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def event_for(server):
    url = f"http://127.0.0.1:{server.server_port}/hook/s3cret\n"
    return Event("update_completed", id="1", text="web runs 1.2.4", secrets={"url": url})


def test_posts_the_event(server):
    send(event_for(server))
    assert server.bodies == [{"id": "1", "type": "update_completed", "subject": "", "text": "web runs 1.2.4"}]


@pytest.mark.parametrize("status, kind", [(503, RuntimeError), (429, RuntimeError), (400, Undeliverable)])
def test_what_fails_comes_again_only_where_that_may_help(server, status, kind):
    server.status = status
    with pytest.raises(kind) as caught:
        send(event_for(server))
    assert str(status) in str(caught.value) and "s3cret" not in str(caught.value)


def test_an_error_never_names_the_secret():
    with pytest.raises(RuntimeError) as caught:
        send(Event("update_completed", secrets={"url": "s3cret, which is no URL"}))
    assert "s3cret" not in str(caught.value)
