"""The Python side of the dispatch benchmark: the same operators, the same number of calls and blocks as Program.cs."""
import json
import sys
import time

try:
    import torch
except ImportError as missing:
    sys.exit(f"the peer needs torch in {sys.executable}, which lacks '{missing.name}'; install it there, or name another interpreter with --python")

CALLS, BLOCKS, WARM_UP = 20_000, 25, 1.0


def add_in_place():
    a, b = torch.zeros(1), torch.ones(1)

    def block():
        for _ in range(CALLS):
            a.add_(b)

    return measure(block)


def add():
    a, b = torch.rand(16), torch.rand(16)

    def block():
        for _ in range(CALLS):
            c = a + b  # noqa: F841

    return measure(block)


def linear():
    layer, x = torch.nn.Linear(8, 8), torch.rand(1, 8)

    def block():
        for _ in range(CALLS):
            y = layer(x)  # noqa: F841

    with torch.no_grad():
        return measure(block)


def measure(block):
    start = time.perf_counter()
    while time.perf_counter() - start < WARM_UP:
        block()
    times = []
    for _ in range(BLOCKS):
        start = time.perf_counter_ns()
        block()
        times.append((time.perf_counter_ns() - start) / CALLS)
    return times


torch.set_num_threads(1)
torch.manual_seed(1)
nanoseconds = {"a.add_(b), 1 element": add_in_place(), "c = a + b, 16 elements": add(), "Linear, 1x8x8, no grad": linear()}
with open("/proc/self/maps") as maps:
    library = next((line.split()[-1] for line in maps if "libtorch_cpu" in line), "")
print(json.dumps({"torch": torch.__version__, "library": library, "threads": torch.get_num_threads(), "nanoseconds": nanoseconds}))
