namespace DeltaTune.Host.Tests.Options;

internal static class SampleComponents
{
    public static IReadOnlyList<ComponentDescriptor> All { get; } =
    [
        Describe(ComponentKind.Backbone, "bert", typeof(SampleBackboneOptions)),
        Describe(ComponentKind.Delta, "lora", typeof(SampleDeltaOptions)),
        Describe(ComponentKind.Delta, "adapter", typeof(SampleNestedOptions)),
        Describe(ComponentKind.Template, "manual", typeof(SampleNestedOptions)),
        Describe(ComponentKind.Verbalizer, "manual", typeof(SampleNestedOptions)),
        Describe(ComponentKind.Task, "sst2", typeof(SampleNestedOptions)),
    ];

    private static ComponentDescriptor Describe(ComponentKind kind, string name, Type options) => new(kind, name, "for tests", "", typeof(SampleComponents), options);
}
