#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""future.py INCLUDE OUT: the C headers of a next minor, in which every struct that may grow has grown."""
import pathlib
import re
import sys

import abi

include, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2], "headwind")
structs, _, _ = abi.read_headers(include)
growing = [name for name, members in structs.items() if members and members[0][0] == "struct_size"]
out.mkdir(parents=True, exist_ok=True)
grown = 0
for header in sorted(include.glob("headwind/*.h")):
    text = header.read_text()
    for name in growing:
        text, times = re.subn(rf"^}} {name};$", f"  uint64_t from_the_future;\n}} {name};", text, flags=re.M)
        grown += times
    text = re.sub(r"#define HW_ABI_MINOR (\d+)", lambda m: f"#define HW_ABI_MINOR {int(m[1]) + 1}", text)
    (out / header.name).write_text(text)
if grown != len(growing):
    sys.exit(f"{grown} of {len(growing)} structs have grown")
