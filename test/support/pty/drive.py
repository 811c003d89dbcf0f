"""Runs a command in a pseudo-terminal as somebody at a keyboard would.

    python3 test/support/pty/drive.py STEPS COMMAND...

STEPS is JSON: {"type": text}, {"until": text that must come}, {"size": [rows, columns]}, in order.
What came is printed as JSON at the end, with the exit status: {"screen": text, "status": number}. A text
that does not come within the limit ends it, with "missing".
"""
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

# Below the limit of a test, which says less.
LIMIT = 50


def resize(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def read(fd, end):
    """What comes next; empty: nothing will."""
    left = end - time.monotonic()
    if left <= 0 or not select.select([fd], [], [], left)[0]:
        raise TimeoutError
    try:
        return os.read(fd, 65536)
    except OSError:
        return b""


def main():
    steps, command = json.loads(sys.argv[1]), sys.argv[2:]
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    resize(fd, 33, 99)
    end = time.monotonic() + LIMIT
    screen, seen, told = b"", 0, {}
    try:
        for step in steps:
            if "type" in step:
                # One key after the other: a client looks for its detach keys in single ones.
                for key in step["type"].encode():
                    os.write(fd, bytes([key]))
                    time.sleep(0.02)
            elif "size" in step:
                resize(fd, *step["size"])
            else:
                text = step["until"].encode()
                while text not in screen[seen:]:
                    piece = read(fd, end)
                    if not piece:
                        told["missing"] = step["until"]
                        break
                    screen += piece
                seen = screen.find(text, seen) + len(text)
        while piece := read(fd, end):
            screen += piece
    except TimeoutError:
        told["missing"] = told.get("missing", str(step))
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    told.update(screen=screen.decode("utf-8", "replace"), status=os.waitstatus_to_exitcode(status))
    print(json.dumps(told))


main()
