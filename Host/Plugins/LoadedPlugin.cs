namespace DeltaTune.Host.Plugins;

/// <summary>A plugin that registered.</summary>
/// <param name="Name">Its assembly's name.</param>
/// <param name="Version">Its assembly's version, such as <c>0.1.0</c>.</param>
/// <param name="Folder">Where it lies; empty for one that was registered in code.</param>
/// <param name="Components">What it provides.</param>
internal sealed record LoadedPlugin(string Name, string Version, string Folder, IReadOnlyList<ComponentDescriptor> Components);
