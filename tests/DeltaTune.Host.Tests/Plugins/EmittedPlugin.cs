using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;

namespace DeltaTune.Host.Tests.Plugins;

/// <summary>Writes plugin assemblies, so that no compiler need run for them.</summary>
internal static class EmittedPlugin
{
    /// <summary>Writes a plugin into a folder of its name.</summary>
    /// <param name="root">The folder of plugin folders.</param>
    /// <param name="name">The plugin's name.</param>
    /// <param name="does">The method of <see cref="PluginScript"/> that it calls.</param>
    /// <param name="argument">The text that it calls it with.</param>
    /// <param name="entryTypes">How many entry types it has.</param>
    /// <param name="inConstructor">Whether it calls from the constructor rather than from Register.</param>
    /// <returns>The assembly's path.</returns>
    public static string Write(string root, string name, string does, string argument, int entryTypes = 1, bool inConstructor = false)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name) { Version = new Version(1, 2, 3) }, typeof(object).Assembly);
        ModuleBuilder module = assembly.DefineDynamicModule(name);
        for (int i = 1; i <= entryTypes; i++)
        {
            DefineEntryType(module, $"{name}.Entry{i}", typeof(PluginScript).GetMethod(does)!, argument, inConstructor);
        }

        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(root, name)).FullName, name + ".dll");
        assembly.Save(path);
        return path;
    }

    /// <summary>Makes an assembly say that it was built against another version of an assembly.</summary>
    public static void PatchReferenceVersion(string path, string reference, Version version)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int offset;
        using (var file = new PEReader(new MemoryStream(bytes)))
        {
            MetadataReader reader = file.GetMetadataReader();
            AssemblyReferenceHandle handle = reader.AssemblyReferences.Single(h => reader.GetString(reader.GetAssemblyReference(h).Name) == reference);
            offset = file.PEHeaders.MetadataStartOffset + reader.GetTableMetadataOffset(TableIndex.AssemblyRef)
                + (reader.GetTableRowSize(TableIndex.AssemblyRef) * (MetadataTokens.GetRowNumber(handle) - 1));
        }

        // A row of AssemblyRef starts with four numbers of two bytes: ECMA-335, II.22.5.
        ushort[] parts = [(ushort)version.Major, (ushort)version.Minor, (ushort)version.Build, (ushort)version.Revision];
        Buffer.BlockCopy(parts, 0, bytes, offset, 8);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Makes an assembly refer to another name of the same length.</summary>
    public static void PatchName(string path, string name, string other)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name + "\0"));
        Encoding.UTF8.GetBytes(other).CopyTo(bytes, at);
        File.WriteAllBytes(path, bytes);
    }

    private static void DefineEntryType(ModuleBuilder module, string name, MethodInfo does, string argument, bool inConstructor)
    {
        TypeBuilder type = module.DefineType(name, TypeAttributes.Public | TypeAttributes.Sealed, typeof(object), [typeof(IPlugin)]);
        ILGenerator constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, Type.EmptyTypes).GetILGenerator();
        constructor.Emit(OpCodes.Ldarg_0);
        constructor.Emit(OpCodes.Call, typeof(object).GetConstructor(Type.EmptyTypes)!);
        if (inConstructor)
        {
            constructor.Emit(OpCodes.Ldnull);
            constructor.Emit(OpCodes.Ldstr, argument);
            constructor.Emit(OpCodes.Call, does);
        }

        constructor.Emit(OpCodes.Ret);
        ILGenerator register = type.DefineMethod(
            nameof(IPlugin.Register), MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, typeof(void), [typeof(IDeltaTuneBuilder)]).GetILGenerator();
        if (!inConstructor)
        {
            register.Emit(OpCodes.Ldarg_1);
            register.Emit(OpCodes.Ldstr, argument);
            register.Emit(OpCodes.Call, does);
        }

        register.Emit(OpCodes.Ret);
        type.CreateType();
    }
}
