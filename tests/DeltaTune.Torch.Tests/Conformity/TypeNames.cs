using System.Reflection;
using System.Runtime.CompilerServices;

namespace DeltaTune.Torch.Tests.Conformity;

/// <summary>Types as the listing spells them: without the usual namespaces, nested with a dot, tuples with their names.</summary>
internal static class TypeNames
{
    internal static readonly Dictionary<string, string> Operators = new()
    {
        ["op_Addition"] = "+", ["op_Subtraction"] = "-", ["op_Multiply"] = "*", ["op_Division"] = "/", ["op_Modulus"] = "%",
        ["op_UnaryNegation"] = "-", ["op_OnesComplement"] = "~", ["op_BitwiseAnd"] = "&", ["op_BitwiseOr"] = "|", ["op_ExclusiveOr"] = "^",
        ["op_Equality"] = "==", ["op_Inequality"] = "!=", ["op_LessThan"] = "<", ["op_LessThanOrEqual"] = "<=", ["op_GreaterThan"] = ">", ["op_GreaterThanOrEqual"] = ">=",
    };

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint",
        [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(nint)] = "nint", [typeof(nuint)] = "nuint",
    };

    internal static string Of(Type type, ICustomAttributeProvider? where = null)
    {
        var names = where?.GetCustomAttributes(typeof(TupleElementNamesAttribute), false).OfType<TupleElementNamesAttribute>().FirstOrDefault();
        int next = 0;
        return Write(type, names?.TransformNames, ref next);
    }

    private static string Write(Type type, IList<string?>? names, ref int next)
    {
        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsByRef)
        {
            return Write(type.GetElementType()!, names, ref next);
        }

        if (type.IsArray)
        {
            return Write(type.GetElementType()!, names, ref next) + $"[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Write(inner, names, ref next) + "?";
        }

        return type.FullName is { } full && full.StartsWith("System.ValueTuple`", StringComparison.Ordinal) || (type.IsGenericType && type.GetGenericTypeDefinition().FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal))
            ? Tuple(type, names, ref next)
            : Named(type, names, ref next);
    }

    // The names of a tuple's own elements come before those of tuples inside it.
    private static string Tuple(Type type, IList<string?>? names, ref int next)
    {
        Type[] elements = type.GetGenericArguments();
        int first = next;
        next += elements.Length;
        var parts = new List<string>();
        for (int k = 0; k < elements.Length; k++)
        {
            string? name = names?[first + k];
            parts.Add(Write(elements[k], names, ref next) + (name is null ? "" : " " + name));
        }

        return $"({string.Join(", ", parts)})";
    }

    private static string Named(Type type, IList<string?>? names, ref int next)
    {
        Type[] arguments = type.GetGenericArguments();
        var chain = new Stack<Type>();
        for (Type? outer = type; outer is not null; outer = outer.DeclaringType)
        {
            chain.Push(outer);
        }

        string scope = Prefix(type.Namespace ?? "");
        int used = 0;
        var parts = new List<string>();
        foreach (Type part in chain)
        {
            int tick = part.Name.IndexOf('`', StringComparison.Ordinal);
            if (tick < 0)
            {
                parts.Add(part.Name);
                continue;
            }

            int count = int.Parse(part.Name[(tick + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            var inside = new List<string>();
            for (int k = 0; k < count; k++)
            {
                inside.Add(Write(arguments[used++], names, ref next));
            }

            parts.Add($"{part.Name[..tick]}<{string.Join(", ", inside)}>");
        }

        return scope + string.Join(".", parts);
    }

    private static string Prefix(string space)
    {
        foreach (string usual in new[] { "TorchSharp", "System.Collections.Generic", "System.IO", "System" })
        {
            if (space == usual)
            {
                return "";
            }
        }

        foreach (string usual in new[] { "TorchSharp.", "System." })
        {
            if (space.StartsWith(usual, StringComparison.Ordinal))
            {
                return space[usual.Length..] + ".";
            }
        }

        return space.Length == 0 ? "" : space + ".";
    }
}
