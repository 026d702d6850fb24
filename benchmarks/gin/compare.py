"""Compares a full fine-tuning step of the molecule GIN of Hu et al. 2020 with PyTorch Geometric's: times of its parts, processor time, peak memory."""
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import common  # noqa: E402

MEASURES = ["forward_ms", "backward_ms", "optimizer_ms", "step_ms", "median_step_ms", "processor_ms", "peak_mib"]
SAME = 1e-4  # how far the losses of the first pass may be apart: both sides start from the same weights

parser = common.arguments(__doc__)
parser.add_argument("--ours", required=True, help="the program of our side")
parser.add_argument("--data", default=os.path.join(HERE, "molecules.smi"), help="a file with a SMILES at the start of each line, gzip'd or not")
parser.add_argument("--batch", type=int, default=32, help="molecules in a batch")
parser.add_argument("--batches", type=int, default=4, help="different batches")
parser.add_argument("--passes", type=int, default=8, help="timed steps on each batch in a round; the fastest counts")
parser.add_argument("--dropout", type=float, default=0.5, help="after every layer, both sides; 0.5 is what Hu et al. fine-tune with")
parser.add_argument("--peer", default="pyg", choices=["pyg", "torch"], help="PyTorch Geometric, or plain torch")
parser.add_argument("--most", type=float, default=0.6, help="code 1 where the ratio of steps is above this")
options = parser.parse_args()

surroundings = common.environment(options.threads, options.kernels)
with tempfile.TemporaryDirectory(prefix="deltatune-gin-") as folder:
    ours = ["dotnet", "exec", options.ours]
    shared = [f"--folder={folder}", f"--threads={options.threads}"]
    theirs = [options.python, os.path.join(HERE, "peer.py"), f"--way={options.peer}"]
    written = subprocess.run([*ours, "write", *shared, "--dropout=0", f"--molecules={options.data}", f"--batch={options.batch}", f"--batches={options.batches}"],
                             env=surroundings, stderr=subprocess.PIPE, text=True)
    if written.returncode != 0:
        sys.exit(f"the molecules of '{options.data}' could not be read: {written.stderr.strip().splitlines()[0]}")
    plain = [common.answer([*side, *shared, "--dropout=0", "--passes=1"], surroundings) for side in ([*ours, "step"], theirs)] # two generators never drop the same
    timed = [*shared, f"--dropout={options.dropout}", f"--passes={options.passes}"]
    mine, theirs = common.in_turn([*ours, "step", *timed], [*theirs, *timed], options.rounds, surroundings)

apart = max(abs(a - b) for a, b in zip(plain[0]["losses"][:1], plain[1]["losses"][:1]))
peer = theirs[0]
name = f"PyTorch Geometric {peer['torch_geometric']}" if options.peer == "pyg" else "plain torch"
report = {"batch": options.batch, "atoms": peer["atoms"], "directed_bonds": peer["bonds"], "dropout": options.dropout, "threads": options.threads,
          "kernels": options.kernels, "rounds": options.rounds, "peer": name, "torch": peer["torch"],
          "trainable_parameters": mine[0]["trainable_parameters"], "peer_trainable_parameters": peer["trainable_parameters"],
          "losses_apart": apart, "measures": {}}
for measure in MEASURES:
    a, b = ([run[measure] for run in side] for side in (mine, theirs))
    report["measures"][measure] = {"ours": round(statistics.median(a), 3), "peer": round(statistics.median(b), 3), "ratio": common.ratio(a, b)}
if report["trainable_parameters"] != report["peer_trainable_parameters"]:
    print(f"not the same work: ours trains {report['trainable_parameters']} parameters, the peer {report['peer_trainable_parameters']}", file=sys.stderr)
if apart > SAME:
    print(f"not the same work: the first losses without dropout are {apart:.2g} apart", file=sys.stderr)

if options.json:
    print(json.dumps(report, indent=2))
else:
    print(f"GIN, 5 layers of 300, {report['trainable_parameters']} parameters, all trained; {options.batch} molecules a batch, {peer['atoms']:g} atoms and "
          f"{peer['bonds']:g} directed bonds in the mean; dropout {options.dropout:g}, {options.threads} thread(s), kernels {options.kernels or 'as found'}, "
          f"{options.rounds} rounds in turn; peer: {name}, torch {report['torch']}; first losses without dropout {apart:.1g} apart")
    common.table([["measure", "DeltaTune", options.peer, "ratio", "range"]] + [
        [measure.replace("_", " "), f"{r['ours']:.2f}", f"{r['peer']:.2f}", f"{r['ratio']['median']:.2f}", f"{r['ratio']['least']:.2f} to {r['ratio']['most']:.2f}"]
        for measure, r in report["measures"].items()])
sys.exit(0 if report["measures"]["step_ms"]["ratio"]["median"] <= options.most else 1)
