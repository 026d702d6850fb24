"""The Python side of the GIN benchmark: the molecule network of Hu et al. 2020 as a user of PyTorch Geometric builds it, or in plain torch; one JSON object out."""
import argparse
import json
import os
import resource
import statistics
import struct
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--folder", required=True)
parser.add_argument("--way", choices=["pyg", "torch"], required=True)
parser.add_argument("--passes", type=int, required=True)
parser.add_argument("--dropout", type=float, required=True)
parser.add_argument("--threads", type=int, required=True)
options = parser.parse_args()

try:
    import torch
    import torch.nn.functional as F
    if options.way == "pyg":
        import torch_geometric
        from torch_geometric.data import Batch, Data
        from torch_geometric.nn import MessagePassing, global_mean_pool
        from torch_geometric.utils import add_self_loops
except ImportError as missing:
    sys.exit(f"the peer needs torch and torch_geometric in {sys.executable}, which lacks '{missing.name}'; "
             "install them there, name another interpreter with --python, or point PYTHONPATH at them")

WARM_UP, LAYERS, WIDTH, SELF_LOOP = 10, 5, 300, 4
torch.set_num_threads(options.threads)


class Bonds(torch.nn.Module):
    """Type and direction of a bond as one vector."""

    def __init__(self):
        super().__init__()
        self.edge_embedding1 = torch.nn.Embedding(6, WIDTH)
        self.edge_embedding2 = torch.nn.Embedding(3, WIDTH)

    def mlp_of(self):
        return torch.nn.Sequential(torch.nn.Linear(WIDTH, 2 * WIDTH), torch.nn.ReLU(), torch.nn.Linear(2 * WIDTH, WIDTH))

    def embed(self, bonds):
        return self.edge_embedding1(bonds[:, 0]) + self.edge_embedding2(bonds[:, 1])


def with_loops(edges, bonds, nodes):
    loops = torch.zeros(nodes, 2, dtype=bonds.dtype)
    loops[:, 0] = SELF_LOOP
    return edges, torch.cat([bonds, loops], 0)


if options.way == "pyg":
    class Convolution(MessagePassing, Bonds):
        def __init__(self):
            MessagePassing.__init__(self, aggr="add")
            self.edge_embedding1 = torch.nn.Embedding(6, WIDTH)
            self.edge_embedding2 = torch.nn.Embedding(3, WIDTH)
            self.mlp = self.mlp_of()

        def forward(self, x, edge_index, bonds):
            edge_index, _ = add_self_loops(edge_index, num_nodes=x.size(0))
            _, bonds = with_loops(edge_index, bonds, x.size(0))
            return self.mlp(self.propagate(edge_index, x=x, edge_attr=self.embed(bonds)))

        def message(self, x_j, edge_attr):
            return x_j + edge_attr
else:
    class Convolution(Bonds):
        def __init__(self):
            super().__init__()
            self.mlp = self.mlp_of()

        def forward(self, x, edge_index, bonds):
            loops = torch.arange(x.size(0))
            sources, targets = torch.cat([edge_index[0], loops]), torch.cat([edge_index[1], loops])
            _, bonds = with_loops(edge_index, bonds, x.size(0))
            messages = x.index_select(0, sources) + self.embed(bonds)
            return self.mlp(torch.zeros_like(x).index_add(0, targets, messages))


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.x_embedding1 = torch.nn.Embedding(120, WIDTH)
        self.x_embedding2 = torch.nn.Embedding(3, WIDTH)
        self.gnns = torch.nn.ModuleList(Convolution() for _ in range(LAYERS))
        self.batch_norms = torch.nn.ModuleList(torch.nn.BatchNorm1d(WIDTH) for _ in range(LAYERS))
        self.head = torch.nn.Linear(WIDTH, 2)

    def forward(self, x, edge_index, bonds, owners, graphs):
        h = self.x_embedding1(x[:, 0]) + self.x_embedding2(x[:, 1])
        for layer, (convolution, norm) in enumerate(zip(self.gnns, self.batch_norms)):
            h = norm(convolution(h, edge_index, bonds))
            h = F.dropout(h if layer == LAYERS - 1 else F.relu(h), options.dropout, training=self.training)
        if options.way == "pyg":
            pooled = global_mean_pool(h, owners, graphs)
        else:
            counts = torch.zeros(graphs).index_add(0, owners, torch.ones(owners.size(0)))
            pooled = torch.zeros(graphs, WIDTH).index_add(0, owners, h) / counts.unsqueeze(1)
        return self.head(pooled)


def weights():
    """Reads a safetensors file: a length, a header in JSON, the numbers."""
    with open(os.path.join(options.folder, "start.safetensors"), "rb") as file:
        data = bytearray(file.read())
    size = struct.unpack("<Q", data[:8])[0]
    return {name: torch.frombuffer(data, dtype=torch.float32, offset=8 + size + entry["data_offsets"][0],
                                   count=(entry["data_offsets"][1] - entry["data_offsets"][0]) // 4).reshape(entry["shape"])
            for name, entry in json.loads(data[8:8 + size]).items() if name != "__metadata__"}


def batches():
    with open(os.path.join(options.folder, "batches.json")) as file:
        for molecules in json.load(file):
            parts = [(torch.tensor(m["atoms"]).view(-1, 2), torch.tensor([m["sources"], m["targets"]]), torch.tensor(m["bonds"]).view(-1, 2)) for m in molecules]
            if options.way == "pyg":
                batch = Batch.from_data_list([Data(x=x, edge_index=edges, edge_attr=bonds) for x, edges, bonds in parts])
                yield batch.x, batch.edge_index, batch.edge_attr, batch.batch, batch.num_graphs
            else:
                sizes = [x.size(0) for x, _, _ in parts]
                starts = [sum(sizes[:i]) for i in range(len(sizes))]
                yield (torch.cat([x for x, _, _ in parts]), torch.cat([edges + start for (_, edges, _), start in zip(parts, starts)], 1),
                       torch.cat([bonds for _, _, bonds in parts]), torch.arange(len(sizes)).repeat_interleave(torch.tensor(sizes)), len(sizes))


torch.manual_seed(1)
model = Network()
missing, unexpected = model.load_state_dict(weights(), strict=False)
if unexpected or any("running" not in name and "num_batches" not in name for name in missing):
    sys.exit(f"the weights are of another network: missing {missing}, unexpected {unexpected}")
model.train()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
data = list(batches())
best = [[float("inf")] * 4 for _ in data]
whole, losses, worked = [], [], 0.0
for turn in range(WARM_UP + options.passes):
    for number, batch in enumerate(data):
        cpu = time.process_time()
        labels = torch.arange(batch[4]) % 2
        t0 = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(*batch), labels)
        losses.append(loss.item())
        t1 = time.perf_counter()
        loss.backward()
        t2 = time.perf_counter()
        optimizer.step()
        t3 = time.perf_counter()
        if turn >= WARM_UP:
            worked += time.process_time() - cpu
            parts = [1000 * (t1 - t0), 1000 * (t2 - t1), 1000 * (t3 - t2), 1000 * (t3 - t0)]
            whole.append(parts[3])
            best[number] = [min(a, b) for a, b in zip(best[number], parts)]


def mean(part):
    return round(statistics.mean(times[part] for times in best), 3)


print(json.dumps({
    "torch": torch.__version__, "torch_geometric": torch_geometric.__version__ if options.way == "pyg" else None, "threads": torch.get_num_threads(),
    "trainable_parameters": sum(parameter.numel() for parameter in model.parameters()),
    "atoms": round(statistics.mean(batch[0].size(0) for batch in data), 1), "bonds": round(statistics.mean(batch[1].size(1) for batch in data), 1),
    "forward_ms": mean(0), "backward_ms": mean(1), "optimizer_ms": mean(2), "step_ms": mean(3),
    "median_step_ms": round(statistics.median(whole), 3), "processor_ms": round(1000 * worked / len(whole), 3),
    "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1), "losses": losses[:len(data)]}))
