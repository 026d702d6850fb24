"""What the comparisons share: both sides in turn, in the same surroundings, summarised alike. Needs Python's standard library alone."""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys


def arguments(about):
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--rounds", type=int, default=3, help="how often each side runs, in turn")
    parser.add_argument("--threads", type=int, default=1, help="threads of libtorch, both sides")
    parser.add_argument("--kernels", default=kernels(), help="OPENBLAS_CORETYPE, both sides; chosen by the processor's flags")
    parser.add_argument("--python", default="/usr/bin/python3" if os.path.exists("/usr/bin/python3") else shutil.which("python3"),
                        help="the interpreter whose torch is the peer's")
    parser.add_argument("--json", action="store_true", help="write JSON")
    return parser


def kernels():
    """The OpenBLAS kernels for this processor. OpenBLAS itself may be too old to know it, and would then take its slowest."""
    try:
        with open("/proc/cpuinfo") as info:
            flags = set(next((line for line in info if line.startswith("flags")), "").split())
    except OSError:
        return ""
    if {"avx512f", "avx512dq", "avx512bw", "avx512vl"} <= flags:
        return "SkylakeX"
    return "Haswell" if {"avx2", "fma"} <= flags else ""


def environment(threads, chosen):
    """The surroundings of both sides: nothing that one has and the other has not."""
    values = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads))
    values.pop("OPENBLAS_CORETYPE", None)
    if chosen:
        values["OPENBLAS_CORETYPE"] = chosen
    return values


def answer(command, surroundings):
    """Runs a side, which writes one JSON object, last, on its standard output."""
    done = subprocess.run(command, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()
        sys.exit(f"'{os.path.basename(command[-1 if len(command) < 3 else 1])}' ended with code {done.returncode}: {said[-1]}")
    return json.loads(done.stdout[done.stdout.index("{"):])


def in_turn(ours, peer, rounds, surroundings):
    """A, B, A, B, ...: a change in the machine's mood meets both."""
    results = ([], [])
    for _ in range(rounds):
        results[0].append(answer(ours, surroundings))
        results[1].append(answer(peer, surroundings))
    return results


def ratio(ours, peer):
    """Ours over the peer's, round by round: the median and the range. At or under 1 ours is no slower."""
    each = [a / b for a, b in zip(ours, peer)]
    return {"median": round(statistics.median(each), 3), "least": round(min(each), 3), "most": round(max(each), 3)}


def table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths))))
