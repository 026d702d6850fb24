using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>One argument or result as the native side reads it: 16 bytes, laid out as the native struct Value.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct Value
{
    [FieldOffset(0)] public ValueTag Tag;
    [FieldOffset(4)] public int Length;
    [FieldOffset(8)] public long Int;
    [FieldOffset(8)] public double Double;
    [FieldOffset(8)] public void* Pointer;
}
