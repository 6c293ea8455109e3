"""A render child that does what it is told."""

import base64
import json
import os
import sys
import time


def say(**message):
    print(json.dumps(message), flush=True)


def main():
    for line in sys.stdin:
        asked = json.loads(line)
        match asked["task"]:
            case "hang":
                if os.fork() == 0:
                    time.sleep(600)
                time.sleep(600)
            case "die":
                sys.stderr.write("last words\n")
                sys.exit(3)
            case "babble":
                print("no json", flush=True)
                continue
            case "show":
                say(
                    id=asked["id"],
                    assets=[["/asset/x/y.svg", "image/svg+xml", base64.b64encode(b"<svg/>").decode()]],
                )
        say(id=asked["id"], result=os.getpid())
        say(id=asked["id"], done=True)


if __name__ == "__main__":
    main()
