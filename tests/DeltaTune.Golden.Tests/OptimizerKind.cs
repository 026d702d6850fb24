using Newtonsoft.Json.Linq;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeltaTune.Golden;

/// <summary>Optimizers on a small least-squares problem, in float64.</summary>
internal sealed class OptimizerKind : IGoldenKind
{
    public bool Covers(GoldenCase golden) => golden.Has("optimizers") && golden.Has("problem");

    public void Run(GoldenCase golden)
    {
        foreach (JProperty one in ((JObject)golden.Json["optimizers"]!).Properties())
        {
            var settings = (JObject)one.Value["defaults"]!;
            if (one.Name.StartsWith("transformers_", StringComparison.Ordinal))
            {
                continue; // Adafactor is no optimizer of the torch API
            }

            using DisposeScope scope = NewDisposeScope();
            JToken problem = golden.Json["problem"]!;
            var w = new Parameter(Double(problem["W0"]!));
            var b = new Parameter(Double(problem["b0"]!));
            Tensor x = Double(problem["X"]!), y = Double(problem["Y"]!);
            using optim.Optimizer optimizer = Make(one.Name, settings, [w, b]);
            var losses = new List<double>();
            int steps = one.Value["losses"]!.Count();
            for (int step = 0; step < steps; step++)
            {
                optimizer.zero_grad();
                Tensor loss = (x.mm(w) + b - y).pow(2).mean();
                losses.Add(loss.item<double>());
                if (step == steps - 1)
                {
                    break;
                }

                loss.backward();
                if (one.Value["clip_grad_norm"] is { Type: not JTokenType.Null } clip)
                {
                    nn.utils.clip_grad_norm_([w, b], (double)clip);
                }

                optimizer.step();
            }

            double[] expected = GoldenCase.Numbers(one.Value["losses"]!);
            golden.Check(one.Name, expected.Zip(losses, (e, a) => Math.Abs(e - a)).Max(), 1e-9); // float64, twelve digits given
        }
    }

    private static optim.Optimizer Make(string name, JObject s, Parameter[] parameters)
    {
        double lr = (double)s["lr"]!, decay = (double?)s["weight_decay"] ?? 0;
        return name.Split('_')[0] switch
        {
            "adamw" => optim.AdamW(parameters, lr, 0.9, 0.999, (double)s["eps"]!, decay, (bool)s["amsgrad"]!),
            "adam" => optim.Adam(parameters, lr, 0.9, 0.999, (double)s["eps"]!, decay),
            "sgd" => optim.SGD(parameters, lr, (double)s["momentum"]!, (double)s["dampening"]!, decay, (bool)s["nesterov"]!),
            "adagrad" => optim.Adagrad(parameters, lr, (double)s["lr_decay"]!, decay, (double)s["initial_accumulator_value"]!, (double)s["eps"]!),
            "rmsprop" => optim.RMSProp(parameters, lr, (double)s["alpha"]!, (double)s["eps"]!, decay, (double)s["momentum"]!, (bool)s["centered"]!),
            _ => throw new NotSupportedException(name),
        };
    }

    private static Tensor Double(JToken token) => tensor(GoldenCase.Numbers(token), GoldenCase.Shape(token), dtype: ScalarType.Float64);
}
