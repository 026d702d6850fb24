using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            // What a weight property does when it is set: the old parameter goes, unless it is the same one again.
            private protected void Swap(ref Parameter? field, Parameter? value, string component)
            {
                if (!ReferenceEquals(field, value))
                {
                    field?.Dispose();
                    field = value;
                }
                ConditionallyRegisterParameter(component, value);
            }
        }
    }
}
