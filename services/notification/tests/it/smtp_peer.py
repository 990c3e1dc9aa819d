"""A mail server for tests: keeps what it takes in a maildir, and beside it what a mail reader makes of each message.

An address that starts with `nobody` is refused for good, `busy` for now; after taking a message for `lost` it hangs up
without an answer. Ends when its standard input is closed.
"""

import email
import email.policy
import json
import pathlib
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox


class Peer(Mailbox):
    def __init__(self, folder):
        super().__init__(str(folder / "maildir"))
        self.read = folder / "read.jsonl"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 5.1.1 no such user"
        if address.startswith("busy"):
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        headers = {name.lower(): str(value) for name, value in message.items()}
        with self.read.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"headers": headers, "body": message.get_content()}) + "\n")
        if envelope.rcpt_tos[0].startswith("lost"):
            server.transport.abort()
        return answer


controller = Controller(Peer(pathlib.Path(sys.argv[2])), hostname="127.0.0.1", port=int(sys.argv[1]))
controller.start()
sys.stdin.read()
controller.stop()
