using Microsoft.Extensions.DependencyInjection;

namespace DeltaTune;

/// <summary>Where components are registered, by a plugin or in a program of one's own: <c>services.AddDeltaTune().AddAdapters()</c>.</summary>
public interface IDeltaTuneBuilder
{
    /// <summary>Gets the services that the components are created from.</summary>
    IServiceCollection Services { get; }
}
