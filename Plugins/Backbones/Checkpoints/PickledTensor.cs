namespace DeltaTune.Backbones.Checkpoints;

/// <summary>A tensor of a pickle: a view of a storage. All numbers count elements.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">Where the view begins.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Strides">The step in each dimension.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Gets how many elements the view has.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Gets whether the elements lie row-major without gaps.</summary>
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int dimension = Shape.Length - 1; dimension >= 0; dimension--)
            {
                if (Shape[dimension] != 1 && Strides[dimension] != expected)
                {
                    return Count == 0;
                }

                expected *= Shape[dimension];
            }

            return true;
        }
    }

    /// <summary>Tells what is wrong with the view; null when it lies inside its storage and has no more elements than it.</summary>
    public string? Problem()
    {
        if (Shape.Length != Strides.Length || Offset < 0 || Shape.Any(size => size < 0) || Strides.Any(stride => stride < 0))
        {
            return $"has shape [{string.Join(", ", Shape)}], strides [{string.Join(", ", Strides)}] and offset {Offset}, which must be as many, and 0 or more";
        }

        try
        {
            long count = Shape.Aggregate(1L, (product, size) => checked(product * size));
            long last = checked(Offset + Shape.Zip(Strides).Aggregate(0L, (sum, pair) => checked(sum + (Math.Max(0, pair.First - 1) * pair.Second))));
            _ = checked(count * 8);
            return count == 0 || (last < Storage.Elements && count <= Storage.Elements) ? null : Outside();
        }
        catch (OverflowException)
        {
            return Outside();
        }
    }

    private string Outside() => $"[{string.Join(", ", Shape)}] with strides [{string.Join(", ", Strides)}] and offset {Offset} goes beyond its storage of {Storage.Elements} elements";
}
