using Microsoft.Extensions.DependencyInjection;

namespace DeltaTune;

/// <summary>The builder over a service collection.</summary>
internal sealed class DeltaTuneBuilder(IServiceCollection services) : IDeltaTuneBuilder
{
    public IServiceCollection Services { get; } = services;
}
