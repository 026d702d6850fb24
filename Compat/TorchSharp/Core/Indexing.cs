using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Turns an index of many parts into views, and what is left into one gathering or scattering call.</summary>
internal static class Indexing
{
    internal static torch.Tensor Get(torch.Tensor source, ReadOnlySpan<torch.TensorIndex> parts)
    {
        (torch.Tensor view, torch.Tensor?[]? indices) = Resolve(source, parts);
        if (indices is null)
        {
            return view;
        }

        torch.Tensor gathered = Ops.index_Tensor.Call(view, Arg.Optionals(indices));
        Release(view, source);
        return gathered;
    }

    internal static void Put(torch.Tensor target, ReadOnlySpan<torch.TensorIndex> parts, torch.Tensor value, bool accumulate)
    {
        (torch.Tensor view, torch.Tensor?[]? indices) = Resolve(target, parts);
        if (indices is not null)
        {
            Ops.index_put_.InPlace(view, Arg.Optionals(indices), value, accumulate);
        }
        else if (accumulate)
        {
            view.add_(value);
        }
        else
        {
            Ops.copy_.InPlace(view, value);
        }

        Release(view, target);
    }

    internal static torch.TensorIndex[] Parts(ReadOnlySpan<torch.Tensor> tensors)
    {
        var parts = new torch.TensorIndex[tensors.Length];
        for (int k = 0; k < parts.Length; k++)
        {
            parts[k] = tensors[k] is null ? torch.TensorIndex.Colon : torch.TensorIndex.Tensor(tensors[k]);
        }

        return parts;
    }

    private static void Release(torch.Tensor view, torch.Tensor source)
    {
        if (!ReferenceEquals(view, source))
        {
            view.Dispose();
        }
    }

    // Views for numbers, slices and new dimensions; the tensors are left, at the dimensions that they index.
    private static (torch.Tensor View, torch.Tensor?[]? Indices) Resolve(torch.Tensor source, ReadOnlySpan<torch.TensorIndex> parts)
    {
        int taken = 0;
        foreach (ref readonly torch.TensorIndex part in parts)
        {
            taken += part.Part switch
            {
                torch.TensorIndex.Kind.Single or torch.TensorIndex.Kind.Slice => 1,
                torch.TensorIndex.Kind.Tensor => part.Indices!.dtype is torch.ScalarType.Bool or torch.ScalarType.Byte ? (int)part.Indices.ndim : 1,
                _ => 0,
            };
        }

        if (taken > source.ndim)
        {
            throw new ArgumentOutOfRangeException(nameof(parts), $"The index has {taken} parts, but the tensor has {source.ndim} dimensions.");
        }

        torch.Tensor view = source;
        List<torch.Tensor?>? indices = null;
        int dim = 0;
        foreach (ref readonly torch.TensorIndex part in parts)
        {
            switch (part.Part)
            {
                case torch.TensorIndex.Kind.Single:
                    view = Next(view, source, Ops.select_int.Call(view, (long)dim, part.Number));
                    break;
                case torch.TensorIndex.Kind.Slice:
                    view = Next(view, source, part.Cut(view, dim));
                    dim++;
                    break;
                case torch.TensorIndex.Kind.Ellipsis:
                    dim += (int)source.ndim - taken;
                    break;
                case torch.TensorIndex.Kind.None:
                    view = Next(view, source, view.unsqueeze(dim));
                    dim++;
                    break;
                case torch.TensorIndex.Kind.Bool:
                    view = Next(view, source, view.unsqueeze(dim));
                    Place(ref indices, dim++, torch.tensor(new[] { part.Number != 0 }, device: source.device));
                    break;
                default:
                    Place(ref indices, dim, part.Indices!);
                    dim += part.Indices!.dtype is torch.ScalarType.Bool or torch.ScalarType.Byte ? (int)part.Indices.ndim : 1;
                    break;
            }
        }

        // Indexing with nothing gives a fresh view, never the tensor itself.
        if (ReferenceEquals(view, source) && indices is null)
        {
            view = source.alias();
        }

        return (view, indices?.ToArray());
    }

    // A mask over several dimensions takes one place in the list: libtorch spreads it.
    private static void Place(ref List<torch.Tensor?>? indices, int dim, torch.Tensor index)
    {
        indices ??= [];
        int covered = indices.Sum(static held => held is { dtype: torch.ScalarType.Bool or torch.ScalarType.Byte } ? (int)held.ndim : 1);
        for (; covered < dim; covered++)
        {
            indices.Add(null);
        }

        indices.Add(index);
    }

    private static torch.Tensor Next(torch.Tensor before, torch.Tensor source, torch.Tensor after)
    {
        Release(before, source);
        return after;
    }
}
