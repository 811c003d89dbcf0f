"""What a pseudo-terminal of Linux does with keystrokes, as data for tests.

    python3 test/support/pty/make-cases.py > test/support/pty/cases.json

Each case is typed into a fresh terminal whose session leader catches signals; then everything that can
be read is read, and everything that was echoed. Run it on Linux when a case is added.
"""
import fcntl
import json
import os
import pty
import re
import signal
import sys
import termios
import time

FLAGS = (("input", 0), ("output", 1), ("local", 3))
SIGNALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP)


def flag(name):
    return {"IUTF8": 0x4000, "ECHOCTL": 0x200, "ECHOKE": 0x800}.get(name) or getattr(termios, name)


def place(name):
    return {"VEOL2": 16}.get(name) or getattr(termios, name)


def apply(fd, case):
    attributes = termios.tcgetattr(fd)
    attributes[0] |= flag("IUTF8")
    for field, index in FLAGS:
        for name in case.get("clear", {}).get(field, ()):
            attributes[index] &= ~flag(name)
        for name in case.get("set", {}).get(field, ()):
            attributes[index] |= flag(name)
    for name, value in case.get("keys", {}).items():
        attributes[6][place(name)] = bytes([value])
    termios.tcsetattr(fd, termios.TCSANOW, attributes)


def child(case, ready, go, result):
    seen = []
    for number in SIGNALS:
        signal.signal(number, lambda got, _: seen.append(got))
    apply(0, case)
    if case.get("written"):
        os.write(1, bytes.fromhex(case["written"]))
    os.write(ready, b"x")
    while True:
        try:
            os.read(go, 1)
            break
        except InterruptedError:
            pass
    fcntl.fcntl(0, fcntl.F_SETFL, os.O_RDWR | os.O_NONBLOCK)
    reads = []
    while len(reads) < 20:
        try:
            reads.append(os.read(0, case.get("size", 8192)).hex())
        except BlockingIOError:
            break
        if reads[-2:] == ["", ""] and not case.get("ends"):
            break
    os.write(result, json.dumps({"reads": reads, "signals": seen}).encode())
    os.close(result)
    signal.pause()


def run(case):
    ready, ready_end = os.pipe()
    go_end, go = os.pipe()
    result, result_end = os.pipe()
    pid, master = pty.fork()
    if pid == 0:
        for fd in (ready, go, result):
            os.close(fd)
        child(case, ready_end, go_end, result_end)
        os._exit(0)
    for fd in (ready_end, go_end, result_end):
        os.close(fd)
    os.read(ready, 1)
    for piece in case["type"]:
        os.write(master, bytes.fromhex(piece))
        time.sleep(0.03)
    os.write(go, b"x")
    told = b""
    while True:
        part = os.read(result, 65536)
        if not part:
            break
        told += part
    fcntl.fcntl(master, fcntl.F_SETFL, os.O_RDWR | os.O_NONBLOCK)
    echoed = b""
    time.sleep(0.02)
    try:
        while True:
            echoed += os.read(master, 65536)
    except BlockingIOError:
        pass
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    for fd in (ready, go, result, master):
        os.close(fd)
    return {**case, **json.loads(told), "echoed": echoed.hex()}


def keys(text):
    """What is not yet echoed when a signal comes never is: a pause before each makes that certain."""
    pieces = re.split("(?=[\x03\x1c\x1a\x13!])", text)
    return [piece.encode("utf-8", "surrogateescape").hex() for piece in pieces if piece]


RAW = {"local": ["ICANON", "ECHO", "ISIG", "IEXTEN"], "input": ["ICRNL", "IXON"], "output": ["OPOST"]}
LONG = "x" * 5000

CASES = [
    ("a line", "hello\n", {}),
    ("return as newline", "hello\r", {}),
    ("return as itself", "a\rb\n", {"clear": {"input": ["ICRNL"]}}),
    ("return ignored", "a\rb\n", {"set": {"input": ["IGNCR"]}}),
    ("newline as return", "a\nb\r", {"set": {"input": ["INLCR"]}, "clear": {"input": ["ICRNL"]}}),
    ("two lines", "one\ntwo\n", {}),
    ("a line that is not whole", "abc", {}),
    ("a line read in pieces", "abcdef\n", {"size": 4}),
    ("a line read in pieces that fit", "abc\n", {"size": 4}),
    ("the end alone", "\x04", {"ends": True}),
    ("the end behind a line", "ab\n\x04", {"ends": True}),
    ("the end in a line", "ab\x04cd\n", {"ends": True}),
    ("the end in a line that is read in pieces", "abcd\x04ef\n", {"size": 4, "ends": True}),
    ("two ends", "\x04\x04", {"ends": True}),
    ("erase", "abc\x7fd\n", {}),
    ("erase more than there is", "ab\x7f\x7f\x7f\x7fc\n", {}),
    ("erase a control character", "a\x01\x7fb\n", {}),
    ("erase a control character without ECHOCTL", "a\x01\x7fb\n", {"clear": {"local": ["ECHOCTL"]}}),
    ("erase a character of UTF-8", "a\u00e9\u20ac\U0001f600\x7f\x7fb\n", {}),
    ("erase bytes", "a\u00e9\x7fb\n", {"clear": {"input": ["IUTF8"]}}),
    ("erase a continuation alone", "\udca9\x7fb\n", {}),
    ("erase without ECHOE", "abc\x7f\x7fd\n", {"clear": {"local": ["ECHOE"]}}),
    ("erase without ECHO", "abc\x7fd\n", {"clear": {"local": ["ECHO"]}}),
    ("erase a tab", "ab\tc\x7f\x7fd\n", {}),
    ("erase a tab behind a prompt", "ab\t\x7fd\n", {"written": b"$ ".hex()}),
    ("erase a tab behind a tab", "a\tbc\t\x7fd\n", {}),
    ("erase a tab behind UTF-8 and control", "\u00e9\x01\t\x7fd\n", {}),
    ("not beyond a line", "ab\n\x7f\x7fcd\n", {}),
    ("erase a word", "one two_3  \x17x\n", {}),
    ("erase a word of UTF-8", "a \u00e9\u00e8\x17b\n", {}),
    ("erase a word of signs", "a ++\x17b\n", {}),
    ("no word without IEXTEN", "a b\x17c\n", {"clear": {"local": ["IEXTEN"]}}),
    ("kill", "abc\tde\x15f\n", {}),
    ("kill nothing", "\x15f\n", {}),
    ("kill without ECHOKE", "abc\x15f\n", {"clear": {"local": ["ECHOKE"]}}),
    ("kill without ECHOK", "abc\x15f\n", {"clear": {"local": ["ECHOK"]}}),
    ("kill without ECHO", "abc\x15f\n", {"clear": {"local": ["ECHO"]}}),
    ("reprint", "ab\x01c\x12d\n", {}),
    ("reprint without ECHO", "ab\x12d\n", {"clear": {"local": ["ECHO"]}}),
    ("literal", "a\x16\x03b\x16\x7fc\n", {}),
    ("literal newline", "a\x16\nb\n", {}),
    ("literal return", "a\x16\rb\n", {}),
    ("literal without ECHOCTL", "a\x16\x03\n", {"clear": {"local": ["ECHOCTL"]}}),
    ("another end of line", "ab;cd\n", {"keys": {"VEOL": 0x3B}}),
    ("a second other end of line", "ab;cd\n", {"keys": {"VEOL2": 0x3B}}),
    ("ECHONL", "ab\n", {"clear": {"local": ["ECHO"]}, "set": {"local": ["ECHONL"]}}),
    ("control characters", "\x01\x02\t\x1b[A\n", {}),
    ("control characters without ECHOCTL", "\x01\t\x1b[A\n", {"clear": {"local": ["ECHOCTL"]}}),
    ("interrupt", "abc\x03de\n", {}),
    ("interrupt with a line before", "one\ntwo\x03three\n", {}),
    ("interrupt with NOFLSH", "one\ntwo\x03three\n", {"set": {"local": ["NOFLSH"]}}),
    ("quit", "abc\x1cde\n", {}),
    ("suspend", "abc\x1ade\n", {}),
    ("no signals without ISIG", "a\x03\x1c\x1a\n", {"clear": {"local": ["ISIG"]}}),
    ("another interrupt", "a!b\x03\n", {"keys": {"VINTR": 0x21}}),
    ("no interrupt", "a\x03b\n", {"keys": {"VINTR": 0}}),
    ("interrupt without ECHO", "a\x03b\n", {"clear": {"local": ["ECHO"]}}),
    ("stop and start", "a\x13b\x11c\n", {}),
    ("stop", "a\x13bc\n", {}),
    ("stop and interrupt", "a\x13b\x03c\n", {}),
    ("no stop without IXON", "a\x13b\x11c\n", {"clear": {"input": ["IXON"]}}),
    ("any key starts", "a\x13b\n", {"set": {"input": ["IXANY"]}}),
    ("seven bits", "a\u00e9\n", {"set": {"input": ["ISTRIP"]}}),
    ("no output processing", "a\nb\n", {"clear": {"output": ["OPOST"]}}),
    ("no return before newline", "a\nb\n", {"clear": {"output": ["ONLCR"]}}),
    ("output: return as newline", "a\n", {"set": {"output": ["OCRNL"]}, "written": b"x\ry\n".hex()}),
    ("output: tabs", "\n", {"set": {"output": ["XTABS"]}, "written": "ab\tc\u00e9\t.\n".encode().hex()}),
    ("output: no return in column 0", "\n", {"set": {"output": ["ONOCR"]}, "written": b"\rx\r\r\n".hex()}),
    ("raw", "a\r\n\x03\x7f\x04\x13\x16\t\u00e9", {"clear": RAW}),
    ("raw with echo", "a\r\n\x03\x7f", {"clear": {"local": ["ICANON"]}}),
    ("raw with signals", "ab\x03c", {"clear": {"local": ["ICANON"]}}),
    ("a long line", LONG + "\nshort\n", {"clear": {"local": ["ECHO"]}}),
    ("a long line in one piece of raw", "y" * 4000, {"clear": RAW}),
]


def main():
    cases = [run({"name": name, "type": keys(text), **more}) for name, text, more in CASES]
    json.dump(cases, sys.stdout, indent=1)
    sys.stdout.write("\n")


main()
