"""Compares a LoRA training step with PEFT's: times of its parts, peak memory, start-up."""
import json
import os
import statistics
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import common  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(HERE))
TIMES = ["forward_ms", "backward_ms", "optimizer_ms", "step_ms"]

parser = common.arguments(__doc__)
parser.add_argument("--shape", default="bert-small", choices=["bert-small", "bert-base"])
parser.add_argument("--batch", type=int, default=16)
parser.add_argument("--seq", type=int, default=128)
parser.add_argument("--steps", type=int, default=10, help="timed steps a run, after two that are not timed")
parser.add_argument("--dropout", type=float, default=0.0, help="in the backbone and the head, both sides; LoRA itself drops nothing")
options = parser.parse_args()

shared = [f"--{name}={getattr(options, name)}" for name in ("shape", "batch", "seq", "steps", "dropout", "threads")]
ours, peer = common.in_turn([os.path.join(ROOT, "deltatune"), "bench", "step", "--delta=lora", "--json", *shared],
                            [options.python, os.path.join(HERE, "peer.py"), *shared],
                            options.rounds, common.environment(options.threads, options.kernels))


def middle(value):
    return value["median"] if isinstance(value, dict) else value


report = {"shape": options.shape, "batch": options.batch, "seq": options.seq, "dropout": options.dropout, "threads": options.threads,
          "kernels": options.kernels, "rounds": options.rounds, "torch": peer[0]["torch"], "transformers": peer[0]["transformers"], "peft": peer[0]["peft"],
          "trainable_parameters": ours[0]["trainable_parameters"], "peer_trainable_parameters": peer[0]["trainable_parameters"], "measures": {}}
for name in [*TIMES, "peak_mib", "seconds_to_first_step"]:
    a, b = ([middle(run[name]) for run in side] for side in (ours, peer))
    report["measures"][name] = {"ours": round(statistics.median(a), 3), "peer": round(statistics.median(b), 3), "ratio": common.ratio(a, b)}
if report["trainable_parameters"] != report["peer_trainable_parameters"]:
    print(f"not the same work: ours trains {report['trainable_parameters']} parameters, the peer {report['peer_trainable_parameters']}", file=sys.stderr)

if options.json:
    print(json.dumps(report, indent=2))
else:
    print(f"LoRA r=8 on query and value of {options.shape}, batch {options.batch}x{options.seq}, dropout {options.dropout:g}, {options.threads} thread(s), "
          f"kernels {options.kernels or 'as found'}, {options.rounds} rounds in turn; peer: PEFT {report['peft']}, transformers {report['transformers']}, torch {report['torch']}")
    common.table([["measure", "DeltaTune", "PEFT", "ratio", "range"]] + [
        [name.replace("_", " "), f"{r['ours']:.2f}", f"{r['peer']:.2f}", f"{r['ratio']['median']:.2f}", f"{r['ratio']['least']:.2f} to {r['ratio']['most']:.2f}"]
        for name, r in report["measures"].items()])
