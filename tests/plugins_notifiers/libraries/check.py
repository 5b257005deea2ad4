#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check.py PAYLOADS: Slack's blocks by slack_sdk's own limits, Google Chat's messages by the API's definition."""
import json
import pathlib
import sys

from google.apps.chat_v1 import Message
from google.protobuf import json_format
from slack_sdk.models.blocks import Block

checked = {"slack_sdk": 0, "google-apps-chat": 0}
faults = 0
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    payload = json.loads(file.read_text())
    try:
        if file.name.startswith("slack"):
            blocks = Block.parse_all(payload["blocks"])
            assert len(blocks) == len(payload["blocks"]), "a block was not understood"
            for block, raw in zip(blocks, payload["blocks"]):
                block.validate_json()
                assert block.to_dict() == raw, f"{block.to_dict()} is what was understood of {raw}"
            checked["slack_sdk"] += 1
        elif file.name.startswith("googlechat"):
            json_format.ParseDict(payload, Message.pb(Message()))  # refuses what it does not know
            checked["google-apps-chat"] += 1
    except Exception as problem:  # each library has its own
        faults += 1
        print(f"{file.name}: {type(problem).__name__}: {str(problem)[:600]}", file=sys.stderr)
print(json.dumps(checked))
sys.exit(0 if faults == 0 and all(checked.values()) else 1)
