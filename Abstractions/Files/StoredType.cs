namespace DeltaTune.Files;

/// <summary>The element types that weight files hold, by their safetensors names. All are little-endian.</summary>
public enum StoredType
{
    /// <summary>Truth value, one byte, 0 or 1 (safetensors <c>BOOL</c>).</summary>
    Bool,

    /// <summary>Unsigned 8-bit integer (safetensors <c>U8</c>).</summary>
    U8,

    /// <summary>Signed 8-bit integer (safetensors <c>I8</c>).</summary>
    I8,

    /// <summary>Signed 16-bit integer (safetensors <c>I16</c>).</summary>
    I16,

    /// <summary>Signed 32-bit integer (safetensors <c>I32</c>).</summary>
    I32,

    /// <summary>Signed 64-bit integer (safetensors <c>I64</c>).</summary>
    I64,

    /// <summary>IEEE 754 half precision (safetensors <c>F16</c>).</summary>
    F16,

    /// <summary>The upper half of a float32 (safetensors <c>BF16</c>).</summary>
    BF16,

    /// <summary>IEEE 754 single precision (safetensors <c>F32</c>).</summary>
    F32,

    /// <summary>IEEE 754 double precision (safetensors <c>F64</c>).</summary>
    F64,
}
