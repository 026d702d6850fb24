using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;

namespace DeltaTune.Host.Plugins;

/// <summary>Reads a plugin's metadata and refuses what could not work, before any of its code is loaded.</summary>
internal static class PluginInspector
{
    private const string ContractsName = "DeltaTune.Abstractions";

    /// <summary>Looks into an assembly.</summary>
    /// <param name="plugin">The plugin's name, for messages.</param>
    /// <param name="path">The main assembly.</param>
    /// <returns>The full name of its one entry type, and its version.</returns>
    /// <exception cref="PluginLoadException">It is no assembly, was built against other contracts, misses a dependency, or has not one entry type.</exception>
    public static (string EntryType, Version Version) Inspect(string plugin, string path)
    {
        try
        {
            using var file = new PEReader(File.OpenRead(path), PEStreamOptions.PrefetchMetadata);
            if (!file.HasMetadata)
            {
                throw NotAnAssembly(plugin, path, null);
            }

            MetadataReader reader = file.GetMetadataReader();
            CheckReferences(plugin, path, reader);
            string[] entries = [.. reader.TypeDefinitions.Select(reader.GetTypeDefinition).Where(t => IsEntryType(reader, t)).Select(t => FullName(reader, t))];
            return entries.Length == 1
                ? (entries[0], reader.GetAssemblyDefinition().Version)
                : throw new PluginLoadException(plugin, entries.Length == 0
                    ? "has no class that implements DeltaTune.IPlugin; it needs exactly one"
                    : $"has {entries.Length} classes that implement DeltaTune.IPlugin ({string.Join(", ", entries)}); it needs exactly one");
        }
        catch (BadImageFormatException cause)
        {
            throw NotAnAssembly(plugin, path, cause);
        }
    }

    private static PluginLoadException NotAnAssembly(string plugin, string path, Exception? cause)
        => new(plugin, $"is not a .NET assembly ('{path}'); a plugin is a library built against {ContractsName}", cause);

    private static void CheckReferences(string plugin, string path, MetadataReader reader)
    {
        AssemblyDependencyResolver? resolver = null;
        foreach (AssemblyName needed in reader.AssemblyReferences.Select(h => reader.GetAssemblyReference(h).GetAssemblyName()))
        {
            string name = needed.Name!;
            if (name == ContractsName)
            {
                Version ours = typeof(IPlugin).Assembly.GetName().Version!;
                Version theirs = needed.Version!;
                if ((ours.Major, ours.Minor) != (theirs.Major, theirs.Minor))
                {
                    throw new PluginLoadException(
                        plugin, $"was built against {ContractsName} {theirs.ToString(2)}, but this host has {ours.ToString(2)}; build it against {ContractsName} {ours.ToString(2)}");
                }
            }
            else if (!IsBeside(path, name) && !IsBeside(typeof(object).Assembly.Location, name) && !IsBeside(typeof(PluginInspector).Assembly.Location, name))
            {
                resolver ??= new AssemblyDependencyResolver(path);
                if (resolver.ResolveAssemblyToPath(needed) is null)
                {
                    throw new PluginLoadException(
                        plugin, $"needs the assembly '{name}' {needed.Version}, which is neither in its folder nor in the host; publish the plugin with its dependencies");
                }
            }
        }
    }

    private static bool IsBeside(string path, string assembly) => File.Exists(Path.Combine(Path.GetDirectoryName(path)!, assembly + ".dll"));

    private static bool IsEntryType(MetadataReader reader, TypeDefinition type)
    {
        if ((type.Attributes & (TypeAttributes.Abstract | TypeAttributes.Interface)) != 0)
        {
            return false;
        }

        foreach (InterfaceImplementationHandle handle in type.GetInterfaceImplementations())
        {
            EntityHandle implemented = reader.GetInterfaceImplementation(handle).Interface;
            if (implemented.Kind == HandleKind.TypeReference)
            {
                TypeReference reference = reader.GetTypeReference((TypeReferenceHandle)implemented);
                if (reader.StringComparer.Equals(reference.Name, nameof(IPlugin)) && reader.StringComparer.Equals(reference.Namespace, nameof(DeltaTune)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static string FullName(MetadataReader reader, TypeDefinition type)
    {
        string name = reader.GetString(type.Name);
        if (type.IsNested)
        {
            return $"{FullName(reader, reader.GetTypeDefinition(type.GetDeclaringType()))}+{name}";
        }

        string space = reader.GetString(type.Namespace);
        return space.Length == 0 ? name : $"{space}.{name}";
    }
}
