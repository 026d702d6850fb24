namespace TorchSharp.Interop;

/// <summary>What a value of an operator call is. The native enum Tag has the same numbers.</summary>
internal enum ValueTag
{
    None = 0,
    Tensor,
    Int,
    Double,
    Bool,
    Complex,
    IntList,
    DoubleList,
    BoolList,
    TensorList,
    OptionalTensorList,
    String,
    Generator,
    Device,
    Default,
}
