using System.Globalization;
using System.Reflection;

namespace DeltaTune.Architecture.Tests.Api;

/// <summary>Spells types, parameters and constants as C# does: without namespaces, and saying where null is allowed.</summary>
internal static class ApiTypes
{
    private static readonly NullabilityInfoContext s_nullability = new();

    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char", [typeof(byte)] = "byte",
        [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong",
        [typeof(float)] = "float", [typeof(double)] = "double",
    };

    public static string Text(Type type) => Write(type, null);

    public static string Text(FieldInfo field) => Write(field.FieldType, s_nullability.Create(field));

    public static string Text(PropertyInfo property) => Write(property.PropertyType, s_nullability.Create(property));

    public static string Text(ParameterInfo parameter) => Write(parameter.ParameterType, s_nullability.Create(parameter));

    /// <summary>A type's own name, without the count of its type parameters.</summary>
    public static string Bare(Type type) => type.Name.Split('`')[0];

    public static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    public static string Parameter(ParameterInfo parameter)
    {
        bool many = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(System.Runtime.CompilerServices.ParamCollectionAttribute));
        string prefix = many ? "params " : parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? parameter.IsIn ? "in " : "ref " : "";
        string value = parameter.HasDefaultValue ? " = " + Literal(parameter.RawDefaultValue, parameter.ParameterType) : "";
        return $"{prefix}{Text(parameter)} {parameter.Name}{value}";
    }

    /// <summary>What a method demands of its type parameters.</summary>
    public static string Constraints(MethodInfo method) => !method.IsGenericMethodDefinition ? "" : string.Concat(
        method.GetGenericArguments().Select(static argument =>
        {
            GenericParameterAttributes flags = argument.GenericParameterAttributes;
            string[] demands =
            [
                .. flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : Array.Empty<string>(),
                .. flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint) ? ["struct"] : Array.Empty<string>(),
                .. argument.GetGenericParameterConstraints().Where(static c => c != typeof(ValueType)).Select(Text),
            ];
            return demands.Length == 0 ? "" : $" where {argument.Name} : {string.Join(", ", demands)}";
        }));

    public static string Literal(object? value, Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null => type.IsValueType && plain == type ? "default" : "null",
            bool flag => flag ? "true" : "false",
            string text => $"\"{text}\"",
            _ when plain.IsEnum => $"{plain.Name}.{Enum.GetName(plain, Enum.ToObject(plain, value))}",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private static string Write(Type type, NullabilityInfo? info)
    {
        if (type.IsByRef)
        {
            return Write(type.GetElementType()!, info?.ElementType ?? info);
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Write(inner, null) + "?";
        }

        string nullable = !type.IsValueType && !type.IsGenericParameter && info?.ReadState == NullabilityState.Nullable ? "?" : "";
        return s_keywords.TryGetValue(type, out string? keyword) ? keyword + nullable
            : type.IsArray ? $"{Write(type.GetElementType()!, info?.ElementType)}[{new string(',', type.GetArrayRank() - 1)}]{nullable}"
            : Named(type, info) + nullable;
    }

    private static string Named(Type type, NullabilityInfo? info)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        string outer = type.DeclaringType is { } owner && !type.IsGenericType ? Text(owner) + "." : "";
        Type[] arguments = type.GetGenericArguments();
        if (arguments.Length == 0)
        {
            return outer + type.Name;
        }

        string inside = string.Join(", ", arguments.Select((a, k) => Write(a, info is not null && k < info.GenericTypeArguments.Length ? info.GenericTypeArguments[k] : null)));
        return type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal) ? $"({inside})" : $"{outer}{Bare(type)}<{inside}>";
    }
}
