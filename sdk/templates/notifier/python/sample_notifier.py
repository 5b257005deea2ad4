# SPDX-License-Identifier: Apache-2.0
"""Tells a server that takes JSON by POST what the operator did."""

import http.client
import json
import urllib.error
import urllib.request

import headwind


def send(event):
    """One event at a time, the oldest first. Return, and it is delivered; raise, and it comes again later."""
    body = {"id": event.id, "type": event.type, "subject": event.subject, "text": event.text}
    try:
        request = urllib.request.Request(
            event.secrets["url"].strip(), json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request, timeout=5).close()
    except urllib.error.HTTPError as error:
        if error.code in (408, 429) or error.code >= 500:
            raise RuntimeError(f"the server answered with HTTP status {error.code}") from None
        raise headwind.Undeliverable(f"the server answered with HTTP status {error.code}") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        # The URL is a secret, and urllib's own sentences quote it.
        raise RuntimeError(f"the server of the secret url cannot be reached: {type(error).__name__}") from None
