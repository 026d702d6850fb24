using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace DeltaTune.Torch.Tests.Conformity;

/// <summary>Writes an assembly's public and protected members as the recorded listing does: "declaring type :: signature".</summary>
internal static class ApiWriter
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    internal static IEnumerable<string> Lines(Assembly assembly) =>
        assembly.GetTypes().Where(IsVisible).SelectMany(static type => Members(type).Select(member => $"{TypeNames.Of(type)} :: {member}"));

    private static bool IsVisible(Type type) =>
        (type.IsPublic || type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && (type.DeclaringType is null || IsVisible(type.DeclaringType));

    private static IEnumerable<string> Members(Type type)
    {
        yield return Kind(type);
        if (type.IsEnum)
        {
            foreach (string name in Enum.GetNames(type))
            {
                yield return $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}";
            }

            yield break;
        }

        if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield break;
        }

        foreach (ConstructorInfo constructor in type.GetConstructors(Own).Where(static c => IsVisible(c) && !c.IsStatic))
        {
            yield return Obsolete(constructor) + $"{Access(constructor)}new({Parameters(constructor)})";
        }

        foreach (FieldInfo field in type.GetFields(Own).Where(static f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly))
        {
            yield return Field(field);
        }

        foreach (PropertyInfo property in type.GetProperties(Own))
        {
            MethodInfo[] accessors = [.. property.GetAccessors(true).Where(IsVisible)];
            if (accessors.Length > 0)
            {
                yield return Property(property, accessors);
            }
        }

        foreach (MethodInfo method in type.GetMethods(Own).Where(IsVisible))
        {
            if (method.Name == "Finalize" || (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal)))
            {
                continue;
            }

            yield return Method(method);
        }
    }

    private static bool IsVisible(MethodBase method) => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly) && !method.IsDefined(typeof(CompilerGeneratedAttribute));

    private static string Kind(Type type)
    {
        string access = type.IsPublic || type.IsNestedPublic ? "public " : "protected ";
        if (type.IsEnum)
        {
            return $"{access}enum : {TypeNames.Of(Enum.GetUnderlyingType(type))}";
        }

        if (type.IsValueType)
        {
            return access + (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + "struct";
        }

        if (type.IsInterface)
        {
            return access + "interface";
        }

        return access + (type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + "class";
    }

    private static string Field(FieldInfo field)
    {
        string kind = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        string value = field.IsLiteral ? $" = {Literal(field.GetRawConstantValue(), field.FieldType)}" : "";
        return $"{(field.IsPublic ? "public " : "protected ")}{kind}{TypeNames.Of(field.FieldType, field)} {field.Name}{value}";
    }

    private static string Property(PropertyInfo property, MethodInfo[] accessors)
    {
        MethodInfo widest = accessors.FirstOrDefault(static accessor => accessor.IsPublic) ?? accessors[0];
        string index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"this[{string.Join(", ", parameters.Select(Parameter))}]" : property.Name;
        string shown = string.Concat(accessors.OrderBy(static accessor => accessor.Name.StartsWith("set_", StringComparison.Ordinal))
            .Select(accessor => (accessor.IsPublic || !widest.IsPublic ? "" : "protected ") + (accessor.Name.StartsWith("get_", StringComparison.Ordinal) ? "get; " : "set; ")));
        return Obsolete(property) + $"{Access(widest)}{Modifiers(widest)}{TypeNames.Of(property.PropertyType, property)} {index} {{ {shown}}}";
    }

    private static string Method(MethodInfo method)
    {
        string head = Obsolete(method) + Access(method) + Modifiers(method);
        string parameters = Parameters(method);
        if (method.Name is "op_Implicit" or "op_Explicit")
        {
            return $"{head}{(method.Name == "op_Implicit" ? "implicit" : "explicit")} operator {TypeNames.Of(method.ReturnType, method.ReturnParameter)}({parameters})";
        }

        string name = TypeNames.Operators.TryGetValue(method.Name, out string? symbol)
            ? "operator " + (method.Name == "op_UnaryNegation" ? "-" : symbol)
            : method.Name + (method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(static argument => argument.Name))}>" : "");
        string extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{head}{TypeNames.Of(method.ReturnType, method.ReturnParameter)} {name}({extension}{parameters})";
    }

    private static string Obsolete(MemberInfo member) => member.GetCustomAttribute<ObsoleteAttribute>() is { } obsolete ? obsolete.IsError ? "[Obsolete(error)] " : "[Obsolete] " : "";

    // The listing leaves out what goes without saying: an interface's members are public.
    private static string Access(MethodBase method) => method.DeclaringType!.IsInterface ? "" : method.IsPublic ? "public " : "protected ";

    private static string Modifiers(MethodInfo method) =>
        method.IsStatic ? "static "
        : method.IsAbstract ? method.DeclaringType!.IsInterface ? "" : "abstract "
        : !method.IsVirtual ? ""
        : method.GetBaseDefinition() != method ? (method.IsFinal ? "sealed " : "") + "override "
        : method.IsFinal ? ""
        : "virtual ";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        string prefix = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? parameter.IsIn ? "in " : "ref " : "";
        Type type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        string value = parameter.HasDefaultValue ? $" = {Literal(parameter.RawDefaultValue, type)}" : "";
        return $"{prefix}{TypeNames.Of(type, parameter)} {parameter.Name}{value}";
    }

    private static string Literal(object? value, Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
            bool flag => flag ? "true" : "false",
            string text => $"\"{text}\"",
            char letter => $"'{letter}'",
            float number => number.ToString("R", CultureInfo.InvariantCulture) + "f",
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            _ when plain.IsEnum => $"{TypeNames.Of(plain)}.{Enum.GetName(plain, Enum.ToObject(plain, value))}",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }
}
