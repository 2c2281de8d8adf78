#!/usr/bin/env python3
"""Ask the fake services something: control.py VERB [JSON], at FAKE_URL. Prints the answer."""
# SPDX-License-Identifier: MIT

import os
import ssl
import sys
import urllib.request


def main():
    verb, order = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "null"
    context = ssl.create_default_context(cafile=os.environ["FAKE_CA"])
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    with opener.open(os.environ["FAKE_URL"] + "/control/" + verb, data=order.encode()) as answer:
        print(answer.read().decode())


if __name__ == "__main__":
    main()
