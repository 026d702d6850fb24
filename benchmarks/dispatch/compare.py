"""Compares the cost of a small operator called from C# with that called from Python."""
import json
import os
import statistics
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import common  # noqa: E402

parser = common.arguments(__doc__)
parser.add_argument("--ours", required=True, help="the built program")
options = parser.parse_args()
ours, peer = common.in_turn(["dotnet", "exec", options.ours], [options.python, os.path.join(HERE, "peer.py")],
                            options.rounds, common.environment(1, options.kernels))
if ours[0]["library"] != peer[0]["library"]:
    print(f"not one libtorch: ours is '{ours[0]['library']}', the peer's '{peer[0]['library']}'", file=sys.stderr)

report = {"library": ours[0]["library"], "peer_library": peer[0]["library"], "torch": peer[0]["torch"], "threads": 1, "rounds": options.rounds, "operators": {}}
for name in ours[0]["nanoseconds"]:
    # The block least disturbed by whatever else the machine does; the operator itself always takes the same time.
    a, b = ([min(round_["nanoseconds"][name]) for round_ in side] for side in (ours, peer))
    report["operators"][name] = {"ours_ns": round(statistics.median(a), 1), "peer_ns": round(statistics.median(b), 1), "ratio": common.ratio(a, b)}

if options.json:
    print(json.dumps(report, indent=2))
else:
    print(f"{report['library']} (torch {report['torch']}), 1 thread, {options.rounds} rounds in turn")
    common.table([["operator", "C# ns", "Python ns", "ratio", "range"]] + [
        [name, f"{r['ours_ns']:.0f}", f"{r['peer_ns']:.0f}", f"{r['ratio']['median']:.2f}", f"{r['ratio']['least']:.2f} to {r['ratio']['most']:.2f}"]
        for name, r in report["operators"].items()])
