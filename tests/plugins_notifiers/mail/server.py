#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""server.py TLS CERTIFICATE KEY [LOGIN:PASSWORD] [MECHANISM...]: aiosmtpd, as the mail server of the tests.

TLS is starttls, implicit or none. Prints its port, then each mail that it takes as a line of JSON, read by Python's own
e-mail package. An address tells its own fate: gone@ does not exist, later@ is refused for now, full@ and big@ as senders
are refused when their mail is there.
"""
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Mailbox:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone@"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later@"):
            return "451 4.7.1 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.mail_from.startswith("full@"):
            return "452 4.3.1 disk full"
        if envelope.mail_from.startswith("big@"):
            return "552 5.3.4 too big"
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        print(json.dumps({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "encrypted": session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None,
            "login": session.auth_data.decode() if session.auth_data else None,
            "headers": {name: str(value) for name, value in mail.items()},
            "header_count": len(mail.items()),
            "defects": [str(defect) for part in mail.walk() for defect in part.defects],
            "types": [part.get_content_type() for part in mail.walk()],
            "text": mail.get_body(("plain",)).get_content(),
            "html": mail.get_body(("html",)).get_content(),
            "longest_line": max(len(line) for line in envelope.content.split(b"\r\n")),
            "bare_breaks": envelope.content.replace(b"\r\n", b"").count(b"\n"),
        }), flush=True)
        return "250 OK"


def main(tls, certificate, key, account=None, *mechanisms):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def authenticate(server, session, envelope, mechanism, data):
        given = f"{data.login.decode()}:{data.password.decode()}"
        # Not handled: aiosmtpd itself answers the client.
        return AuthResult(success=given == account, handled=False, auth_data=data.login)

    options = {}
    if account:
        options = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": tls == "starttls"}
        options["auth_exclude_mechanism"] = [one for one in ("PLAIN", "LOGIN") if mechanisms and one not in mechanisms]
    if tls == "starttls":
        options.update(tls_context=context, require_starttls=True)

    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Mailbox(), enable_SMTPUTF8=True, loop=loop, **options), "127.0.0.1", 0,
                                          ssl=context if tls == "implicit" else None)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(serve())


main(*sys.argv[1:])
