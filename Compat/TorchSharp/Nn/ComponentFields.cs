using System.Collections.Concurrent;
using System.Reflection;

namespace TorchSharp;

/// <summary>The fields of a module type that can hold components, looked up once a type.</summary>
internal static class ComponentFields
{
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> s_byType = new();

    /// <summary>Gets the instance fields, in the order of declaration; private fields of base types are out of reach of reflection on the type.</summary>
    internal static FieldInfo[] Of(Type type) => s_byType.GetOrAdd(
        type,
        static key => [.. key.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(field => field.DeclaringType?.Assembly != typeof(ComponentFields).Assembly) // modules here register by hand
            .Where(field => MayHoldComponent(field.FieldType))]);

    // A field typed as an interface or object may hold a module too.
    private static bool MayHoldComponent(Type type)
        => type.IsInterface || type.IsAssignableFrom(typeof(torch.nn.Module)) || type.IsAssignableFrom(typeof(torch.Tensor))
            || type.IsAssignableTo(typeof(torch.nn.Module)) || type.IsAssignableTo(typeof(torch.Tensor));
}
