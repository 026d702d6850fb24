namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Gathers parameters and persistent buffers by dotted name: all parameters first, then all buffers. The tensors are the live ones, not copies.</summary>
            /// <param name="destination">Where to gather; a new dictionary when null.</param>
            /// <param name="prefix">What to put before each name, without its dot.</param>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string lead = string.IsNullOrEmpty(prefix) ? string.Empty : prefix + ".";
                foreach ((string own, Tensor parameter) in named_parameters())
                {
                    destination.TryAdd(lead + own, parameter);
                }
                foreach ((string own, Tensor buffer) in named_buffers())
                {
                    destination.TryAdd(lead + own, buffer);
                }
                foreach ((string child, Module module) in named_children()) // brings a shared parameter's other names
                {
                    module.state_dict(destination, lead + child);
                }
                return destination;
            }

            /// <summary>Copies values into parameters and buffers by name, across dtype and device.</summary>
            /// <param name="source">The values.</param>
            /// <param name="strict">Whether the names must be the same on both sides.</param>
            /// <param name="skip">Names to leave alone.</param>
            /// <returns>The names that the source lacks, and those that this module lacks.</returns>
            /// <exception cref="InvalidOperationException">The names differ and <paramref name="strict"/> is set.</exception>
            /// <exception cref="ArgumentException">A shape differs. Nothing has been copied then.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                ArgumentNullException.ThrowIfNull(source);
                skip ??= [];
                Dictionary<string, Tensor> state = state_dict();
                List<string> missing = [.. state.Keys.Where(key => !source.ContainsKey(key) && !skip.Contains(key))];
                List<string> unexpected = [.. source.Keys.Where(key => !state.ContainsKey(key) && !skip.Contains(key))];
                if (strict && missing.Count + unexpected.Count > 0)
                {
                    throw new InvalidOperationException(
                        $"{GetName()}: the names to load must be the module's own, but {missing.Count} are missing [{string.Join(", ", missing.Take(5))}] "
                        + $"and {unexpected.Count} are unknown [{string.Join(", ", unexpected.Take(5))}]");
                }

                List<(Tensor Target, Tensor Value)> copies = [];
                foreach ((string key, Tensor target) in state)
                {
                    if (skip.Contains(key) || !source.TryGetValue(key, out Tensor? value))
                    {
                        continue;
                    }
                    // Checked here, since copying would repeat a broadcastable shape in silence.
                    if (!value.shape.AsSpan().SequenceEqual(target.shape))
                    {
                        throw new ArgumentException(
                            $"{GetName()}: '{key}' must have the shape [{string.Join(", ", target.shape)}], but what is to be loaded has [{string.Join(", ", value.shape)}]",
                            nameof(source));
                    }
                    copies.Add((target, value));
                }
                using IDisposable mode = no_grad();
                foreach ((Tensor target, Tensor value) in copies)
                {
                    target.copy_(value);
                }
                return (missing, unexpected);
            }
        }
    }
}
