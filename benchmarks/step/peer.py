"""The Python side of the step benchmark: PEFT's LoRA on a BERT of random weights, one JSON object out."""
import argparse
import json
import os
import statistics
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--shape", required=True)
parser.add_argument("--batch", type=int, required=True)
parser.add_argument("--seq", type=int, required=True)
parser.add_argument("--steps", type=int, required=True)
parser.add_argument("--dropout", type=float, required=True)
parser.add_argument("--threads", type=int, required=True)
options = parser.parse_args()

try:
    import torch
    import transformers
    import peft
    from transformers import BertConfig, BertForSequenceClassification
except ImportError as missing:
    sys.exit(f"the peer needs torch, transformers and peft in {sys.executable}, which lacks '{missing.name}'; "
             "install them there, name another interpreter with --python, or point PYTHONPATH at them")

WARM_UP = 2
SHAPES = {"bert-small": (4, 512, 8), "bert-base": (12, 768, 12)}  # layers, hidden, heads


def quartiles(values):
    q1, median, q3 = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": round(median, 3), "q1": round(q1, 3), "q3": round(q3, 3)}


def peak_mib():
    with open("/proc/self/status") as status:
        return round(next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024, 1)


def age():
    """Seconds since this process started."""
    with open("/proc/self/stat") as stat, open("/proc/uptime") as uptime:
        started = int(stat.read().rsplit(")", 1)[1].split()[19]) / os.sysconf("SC_CLK_TCK")
        return float(uptime.read().split()[0]) - started


torch.set_num_threads(options.threads)
torch.manual_seed(1)
layers, hidden, heads = SHAPES[options.shape]
model = BertForSequenceClassification(BertConfig(
    hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads, intermediate_size=4 * hidden,
    hidden_dropout_prob=options.dropout, attention_probs_dropout_prob=options.dropout))
model = peft.get_peft_model(model, peft.LoraConfig(r=8, lora_alpha=16, target_modules=["query", "value"], task_type="SEQ_CLS", lora_dropout=0.0))
model.train()
trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=1e-4, weight_decay=0.01)
ids = torch.randint(5, 30522, (options.batch, options.seq))
mask = torch.ones_like(ids)
labels = torch.arange(options.batch) % 2

forward, backward, update, whole = [], [], [], []
for step in range(WARM_UP + options.steps):
    t0 = time.perf_counter()
    optimizer.zero_grad(set_to_none=True)
    loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
    last = loss.item()
    t1 = time.perf_counter()
    loss.backward()
    t2 = time.perf_counter()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    t3 = time.perf_counter()
    if step == 0:
        first = age()
    if step >= WARM_UP:
        for values, seconds in ((forward, t1 - t0), (backward, t2 - t1), (update, t3 - t2), (whole, t3 - t0)):
            values.append(1000 * seconds)

print(json.dumps({
    "torch": torch.__version__, "transformers": transformers.__version__, "peft": peft.__version__, "threads": torch.get_num_threads(),
    "trainable_parameters": sum(parameter.numel() for parameter in trained),
    "forward_ms": quartiles(forward), "backward_ms": quartiles(backward), "optimizer_ms": quartiles(update), "step_ms": quartiles(whole),
    "peak_mib": peak_mib(), "seconds_to_first_step": round(first, 3), "last_loss": last}))
