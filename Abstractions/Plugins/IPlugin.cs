using Microsoft.Extensions.DependencyInjection;

namespace DeltaTune;

/// <summary>The one entry type of a plugin assembly.</summary>
/// <remarks>
/// A public parameterless constructor is required. <see cref="Register"/> must construct nothing and load no libtorch: it only
/// says what there is. Whatever either throws is reported with the plugin's name, and the plugin is skipped.
/// </remarks>
public interface IPlugin
{
    /// <summary>Registers the assembly's components.</summary>
    /// <param name="builder">Takes the registrations. Its <see cref="IServiceCollection"/> takes services of the plugin's own.</param>
    void Register(IDeltaTuneBuilder builder);
}
