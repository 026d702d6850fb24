namespace TorchSharp.Modules;

/// <summary>Settings of a group of parameters.</summary>
public class OptimizerOptions
{
    /// <summary>Gets or sets the learning rate.</summary>
    public double? LearningRate { get; set; }

    /// <summary>Gets or sets the learning rate that schedules start from.</summary>
    public double InitialLearningRate { get; set; }

    /// <summary>Takes over another's values.</summary>
    public virtual void LoadStateDict(OptimizerOptions source)
    {
        ArgumentNullException.ThrowIfNull(source);
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
    }

    /// <summary>Reads the values that <see cref="SaveStateDict"/> wrote.</summary>
    public virtual void LoadStateDict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
    }

    /// <summary>Writes the values.</summary>
    public virtual void SaveStateDict(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate ?? 0);
    }
}
