using DeltaTune.Adapters;
using DeltaTune.Backbones;
using DeltaTune.Deltas;
using DeltaTune.Prompts;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;

namespace DeltaTune.Golden;

/// <summary>The components under test, composed as a program of one's own would.</summary>
internal static class Components
{
    private static readonly ServiceProvider s_services = Build();

    private static readonly JsonSerializer s_serializer = JsonSerializer.Create(new JsonSerializerSettings
    {
        MissingMemberHandling = MissingMemberHandling.Error,
        ObjectCreationHandling = ObjectCreationHandling.Replace,
        ContractResolver = new DefaultContractResolver { NamingStrategy = new SnakeCaseNamingStrategy() },
        Converters = { new StringEnumConverter(new SnakeCaseNamingStrategy()) },
    });

    public static IEnumerable<DeltaFormat> Formats => s_services.GetServices<DeltaFormat>();

    /// <summary>Creates a component from options as a run file has them.</summary>
    public static T Create<T>(ComponentKind kind, string name, JObject options)
        where T : class
    {
        IComponentCatalog catalog = s_services.GetRequiredService<IComponentCatalog>();
        return catalog.Create<T>(kind, name, options.ToObject(catalog.Get(kind, name).OptionsType, s_serializer)!);
    }

    /// <summary>Loads a base model, with a tokenizer from another folder where the model's own has none.</summary>
    public static Backbone Load(string family, string folder, string? tokenizer = null)
    {
        using TemporaryFolder together = new();
        foreach (string source in (string[])(tokenizer is null ? [folder] : [folder, tokenizer]))
        {
            foreach (string file in Directory.EnumerateFiles(source))
            {
                string copy = Path.Combine(together.Path, Path.GetFileName(file));
                if (!File.Exists(copy))
                {
                    File.Copy(file, copy);
                }
            }
        }

        Backbone backbone = Create<BackboneLoader>(ComponentKind.Backbone, family, new JObject { ["path"] = together.Path }).Load();
        if (tokenizer is not null)
        {
            _ = ((TextInputEncoder)backbone.InputEncoder).Tokenizer; // read now: the folder goes
        }

        return backbone;
    }

    private static ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddDeltaTune().AddBackbones().AddAdapters().AddPrompts();
        return services.BuildServiceProvider();
    }
}
