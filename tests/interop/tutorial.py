"""Pastes the tutorial "From a control plane" of the README into a shell, line by line as it stands
there, in a copy of the repository's folders, and checks what it says that comes out (`# => TEXT`).

    /usr/bin/python3 tutorial.py REPOSITORY BUILD_FOLDER
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

REPOSITORY, BUILD = map(os.path.abspath, sys.argv[1:])
HEADING = "### From a control plane"
EXPECTED = 6
PATIENCE = 180  # seconds


def blocks():
    """The shell blocks of the section, as lists of lines."""
    with open(os.path.join(REPOSITORY, "README.md"), encoding="utf-8") as readme:
        section = readme.read().split(HEADING + "\n", 1)[1]
    section = re.split(r"^##+ ", section, maxsplit=1, flags=re.MULTILINE)[0]
    return [block.splitlines() for block in
            re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)]


def place():
    """A folder that looks like the repository after the quickstart has built it."""
    folder = tempfile.mkdtemp(prefix="rollcall-tutorial-")
    for name in ("deploy", "proto"):
        os.symlink(os.path.join(REPOSITORY, name), os.path.join(folder, name))
    os.mkdir(os.path.join(folder, "build"))
    os.symlink(BUILD, os.path.join(folder, "build", "ci"))
    return folder


def main():
    folder = place()
    tools = os.path.join(BUILD, "interop", "node_modules", ".bin")
    # Its own group, so that whatever it leaves behind is found.
    shell = subprocess.Popen(
        ["bash"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True,
        env={**os.environ, "PATH": tools + os.pathsep + os.environ["PATH"], "HOME": folder})
    watchdog = threading.Timer(PATIENCE, os.killpg, (shell.pid, signal.SIGKILL))
    watchdog.start()
    held = failed = 0
    try:
        for number, lines in enumerate(blocks()):
            wanted = [line.split("# => ", 1)[1] for line in lines if "# => " in line]
            for line in lines:
                shell.stdin.write(line + "\n")
            shell.stdin.write(f"echo END-OF-BLOCK-{number}\n")
            shell.stdin.flush()
            told = []
            while not told or told[-1] != f"END-OF-BLOCK-{number}":
                line = shell.stdout.readline()
                if not line:
                    raise RuntimeError("the shell ended; it had told:\n" + "\n".join(told))
                told.append(line.rstrip("\n"))
            rest = iter(told)
            for text in wanted:
                good = text in rest
                held, failed = held + good, failed + (not good)
                print(f"{'ok  ' if good else 'FAIL'} tutorial: {text}", flush=True)
                if not good:
                    print("\n".join(told))
                    rest = iter(told)
        shell.stdin.close()
        left = [line for line in shell.stdout]
        shell.wait()
        if left:
            failed += 1
            print("FAIL tutorial: something was said behind the end:\n" + "".join(left))
    except Exception as error:  # whatever it is, it is told as a check that failed
        failed += 1
        print(f"FAIL tutorial: {error}")
    finally:
        watchdog.cancel()
        try:
            os.killpg(shell.pid, signal.SIGKILL)
            failed += 1
            print("FAIL tutorial: a process was left behind")
        except ProcessLookupError:
            pass
        shutil.rmtree(folder, ignore_errors=True)
    if failed == 0 and held != EXPECTED:
        print(f"FAIL tutorial: {EXPECTED} lines were expected")
    print(f"tutorial: {held} lines came as the README says, {failed} failures")
    return 0 if failed == 0 and held == EXPECTED else 1


sys.exit(main())
