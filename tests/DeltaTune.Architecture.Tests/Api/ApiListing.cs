using System.Reflection;
using System.Runtime.CompilerServices;

namespace DeltaTune.Architecture.Tests.Api;

/// <summary>Writes what an assembly shows to others: every public type, and its public and protected members, in a fixed order.</summary>
internal static class ApiListing
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Lists an assembly.</summary>
    /// <returns>A line a type, each followed by its members, indented.</returns>
    public static IReadOnlyList<string> Of(Assembly assembly) =>
    [
        .. assembly.GetTypes().Where(IsVisible).OrderBy(static t => t.FullName, StringComparer.Ordinal)
            .SelectMany(static t => Members(t).Order(StringComparer.Ordinal).Select(static m => "    " + m).Prepend(Head(t))),
    ];

    private static bool IsVisible(Type type) =>
        (type.IsPublic || type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && (type.DeclaringType is null || IsVisible(type.DeclaringType));

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static string Head(Type type)
    {
        string kind = type.IsEnum ? "enum"
            : type.IsInterface ? "interface"
            : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
            : type.IsValueType ? (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + "struct"
            : (type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + (IsRecord(type) ? "record" : "class");
        string[] bases = type.IsEnum || type.IsValueType || typeof(Delegate).IsAssignableFrom(type) ? [] : [.. Bases(type)];
        return $"public {kind} {type.Namespace}.{ApiTypes.Text(type)}{(bases.Length == 0 ? "" : " : " + string.Join(", ", bases))}";
    }

    private static IEnumerable<string> Bases(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object))
        {
            yield return ApiTypes.Text(parent);
        }

        Type[] inherited = [.. type.BaseType?.GetInterfaces() ?? [], .. type.GetInterfaces().SelectMany(static i => i.GetInterfaces())];
        foreach (string own in type.GetInterfaces().Except(inherited).Where(static i => !i.Name.StartsWith("IEquatable", StringComparison.Ordinal)).Select(static i => ApiTypes.Text(i)).Order(StringComparer.Ordinal))
        {
            yield return own;
        }
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => $"{name} = {Enum.Format(type, Enum.Parse(type, name), "d")}");
        }

        return
        [
            .. type.GetConstructors(Own).Where(static c => IsVisible(c) && !c.IsStatic && !IsGenerated(c))
                .Select(static c => $"{Access(c)} {ApiTypes.Bare(c.DeclaringType!)}({ApiTypes.Parameters(c)})"),
            .. type.GetFields(Own).Where(static f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly).Select(Field),
            .. type.GetProperties(Own).Where(static p => p.Name != "EqualityContract" && p.GetAccessors(true).Any(IsVisible)).Select(Property),
            .. type.GetEvents(Own).Where(static e => IsVisible(e.AddMethod!)).Select(static e => $"{Access(e.AddMethod!)} event {ApiTypes.Text(e.EventHandlerType!)} {e.Name}"),
            .. type.GetMethods(Own).Where(static m => IsVisible(m) && !IsGenerated(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal))).Select(Method),
        ];
    }

    // Not for properties, whose accessors are generated too where the property is automatic.
    private static bool IsGenerated(MethodBase method) => method.IsDefined(typeof(CompilerGeneratedAttribute));

    private static string Access(MethodBase method) => method.IsPublic ? "public" : "protected";

    private static string Field(FieldInfo field)
    {
        string kind = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        string value = field.IsLiteral ? " = " + ApiTypes.Literal(field.GetRawConstantValue(), field.FieldType) : "";
        return $"{(field.IsPublic ? "public" : "protected")} {kind}{ApiTypes.Text(field)} {field.Name}{value}";
    }

    private static string Property(PropertyInfo property)
    {
        MethodInfo[] accessors = [.. property.GetAccessors(true).Where(IsVisible)];
        MethodInfo widest = accessors.FirstOrDefault(static a => a.IsPublic) ?? accessors[0];
        string index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"this[{string.Join(", ", parameters.Select(ApiTypes.Parameter))}]" : property.Name;
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        IEnumerable<string> shown = accessors.Select(a => (a.IsPublic || !widest.IsPublic ? "" : "protected ") + Accessor(a) + "; ").Order(StringComparer.Ordinal);
        return $"{Access(widest)} {required}{Modifiers(widest)}{ApiTypes.Text(property)} {index} {{ {string.Concat(shown)}}}";
    }

    private static string Accessor(MethodInfo accessor) => accessor.Name.StartsWith("get_", StringComparison.Ordinal) ? "get"
        : accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init" : "set";

    private static string Method(MethodInfo method)
    {
        string generic = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(static a => a.Name))}>" : "";
        string extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{Access(method)} {Modifiers(method)}{ApiTypes.Text(method.ReturnParameter)} {method.Name}{generic}({extension}{ApiTypes.Parameters(method)}){ApiTypes.Constraints(method)}";
    }

    private static string Modifiers(MethodInfo method) =>
        method.DeclaringType!.IsInterface ? method.IsStatic ? "static " : ""
        : method.IsStatic ? "static "
        : method.IsAbstract ? "abstract "
        : !method.IsVirtual ? ""
        : method.GetBaseDefinition() != method ? (method.IsFinal ? "sealed " : "") + "override "
        : method.IsFinal ? "" : "virtual ";
}
