using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using DeltaTune.Backbones;
using DeltaTune.Host.Plugins;
using DeltaTune.Options;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DeltaTune.Host.Options;

/// <summary>Writes the JSON schema of run files, from the options types of the components there are and their attributes.</summary>
/// <param name="components">What the plugins provide.</param>
internal sealed class SchemaWriter(IReadOnlyList<ComponentDescriptor> components)
{
    private readonly XmlSummaries _summaries = new();

    /// <summary>Writes the schema.</summary>
    /// <returns>A schema of draft 2020-12.</returns>
    public JObject Write()
    {
        var definitions = new JObject();
        foreach (ComponentDescriptor component in components)
        {
            definitions[Key(component)] = Component(component);
        }

        definitions["composition"] = CompositionSchema.Write();
        definitions["delta.from"] = Saved();
        var properties = new JObject
        {
            ["$schema"] = new JObject { ["type"] = "string" },
            ["name"] = new JObject { ["type"] = "string", ["description"] = "The run's name. The file's name where it is left out." },
            ["seed"] = new JObject { ["type"] = "integer", ["default"] = RunFile.DefaultSeed, ["description"] = "Where all chance comes from." },
        };
        foreach (ComponentKind kind in new[] { ComponentKind.Task, ComponentKind.Backbone, ComponentKind.Template, ComponentKind.Verbalizer, ComponentKind.Pretraining })
        {
            properties[KindNames.One(kind)] = OneOf(kind);
        }

        properties["deltas"] = new JObject { ["type"] = "array", ["items"] = DeltaOrSaved(), ["description"] = "Attached in this order." };
        properties["composition"] = new JObject { ["$ref"] = CompositionSchema.Reference };
        properties["input"] = Options(typeof(EncodingOptions));
        properties["training"] = Options(typeof(TrainingOptions));
        properties["calibration"] = Options(typeof(CalibrationOptions));
        properties["evaluation"] = Options(typeof(EvaluationOptions));
        properties["compare"] = Options(typeof(CompareOptions));
        properties["episodes"] = Options(typeof(EpisodeOptions));
        properties["ensemble"] = Options(typeof(EnsembleOptions));
        return new JObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "DeltaTune run file",
            ["type"] = "object",
            ["allowComments"] = true,
            ["properties"] = new JObject(properties.Properties().OrderBy(p => RunFile.Keys.ToList().IndexOf(p.Name))),
            ["additionalProperties"] = false,
            ["$defs"] = definitions,
        };
    }

    private static string Key(ComponentDescriptor component) => $"{KindNames.One(component.Kind)}.{component.Name}";

    // Chosen by "type": with if and then, an editor tells what is wrong in the one that was meant.
    private JObject OneOf(ComponentKind kind)
    {
        ComponentDescriptor[] choices = [.. components.Where(c => c.Kind == kind)];
        return new JObject
        {
            ["type"] = "object",
            ["required"] = new JArray("type"),
            ["properties"] = new JObject { ["type"] = new JObject { ["enum"] = new JArray(choices.Select(c => c.Name)) } },
            ["allOf"] = new JArray(choices.Select(c => new JObject
            {
                ["if"] = new JObject { ["required"] = new JArray("type"), ["properties"] = new JObject { ["type"] = new JObject { ["const"] = c.Name } } },
                ["then"] = new JObject { ["$ref"] = $"#/$defs/{Key(c)}" },
            })),
        };
    }

    // One that is made anew has a type, one that was trained before the folder that it comes from.
    private JObject DeltaOrSaved()
    {
        JObject schema = OneOf(ComponentKind.Delta);
        schema.Remove("required");
        schema["oneOf"] = new JArray(new JObject { ["required"] = new JArray("type") }, new JObject { ["required"] = new JArray("from") });
        ((JArray)schema["allOf"]!).Add(new JObject { ["if"] = new JObject { ["required"] = new JArray("from") }, ["then"] = new JObject { ["$ref"] = "#/$defs/delta.from" } });
        return schema;
    }

    private JObject Saved()
    {
        JObject schema = Options(typeof(SavedDeltaOptions));
        ((JObject)schema["properties"]!).Add("name", new JObject { ["type"] = "string", ["description"] = "Tells this delta from others of the run. The folder's name where it is left out." });
        schema["description"] = "A delta that was trained before; method and settings come from its files.";
        return schema;
    }

    private JObject Component(ComponentDescriptor component)
    {
        JObject schema = Options(component.OptionsType);
        var properties = (JObject)schema["properties"]!;
        if (component.Kind == ComponentKind.Delta)
        {
            properties.AddFirst(new JProperty("name", new JObject { ["type"] = "string", ["default"] = component.Name, ["description"] = "Tells this delta from others of the run." }));
        }

        properties.AddFirst(new JProperty("type", new JObject { ["const"] = component.Name }));
        schema["description"] = component.Paper.Length == 0 ? component.Summary : $"{component.Summary} ({component.Paper})";
        return schema;
    }

    private JObject Options(Type options)
    {
        object? defaults = options.GetConstructor(Type.EmptyTypes) is { } constructor ? constructor.Invoke(null) : null;
        var properties = new JObject();
        var required = new JArray();
        foreach ((string key, PropertyInfo property) in OptionNames.Of(options))
        {
            JObject schema = property.GetCustomAttribute<ComponentOptionAttribute>() is { } part ? OneOf(part.Kind)
                : property.IsDefined(typeof(JsonConverterAttribute)) ? [] : Value(property.PropertyType); // a converter takes what it takes
            if (OptionShape.MayBeNull(property) && !property.IsDefined(typeof(RequiredAttribute)))
            {
                AllowNull(schema); // a run's own file has it so
            }

            foreach (ValidationAttribute rule in property.GetCustomAttributes<ValidationAttribute>())
            {
                Limit(schema, rule, property.PropertyType);
            }

            if (_summaries.Of(property) is { } summary)
            {
                schema["description"] = summary;
            }

            object? value = defaults is null ? null : property.GetValue(defaults);
            if (property.IsDefined(typeof(RequiredMemberAttribute)) || (property.IsDefined(typeof(RequiredAttribute)) && value is null or ""))
            {
                required.Add(key);
            }
            else if (value is not null)
            {
                schema["default"] = JToken.FromObject(value, OptionNames.Serializer);
            }

            properties[key] = schema;
        }

        var result = new JObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (required.Count > 0)
        {
            result["required"] = required;
        }

        return result;
    }

    private JObject Value(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            JObject schema = Value(inner);
            AllowNull(schema);
            return schema;
        }

        return type.IsEnum ? new JObject { ["enum"] = new JArray(OptionNames.OfEnum(type)) }
            : OptionShape.Describe(type) switch
            {
                "an integer" => new JObject { ["type"] = "integer" },
                "a number" => new JObject { ["type"] = "number" },
                "true or false" => new JObject { ["type"] = "boolean" },
                "text" => new JObject { ["type"] = "string" },
                _ when typeof(JToken).IsAssignableFrom(type) => type == typeof(JObject) ? new JObject { ["type"] = "object" } : [],
                _ when OptionShape.ValueType(type) is { } value => new JObject { ["type"] = "object", ["additionalProperties"] = Value(value) },
                _ when OptionShape.ElementType(type) is { } element => new JObject { ["type"] = "array", ["items"] = Value(element) },
                _ when OptionShape.IsOptions(type) => Options(type),
                _ => [], // anything: a converter of the type's own reads it
            };
    }

    private static void AllowNull(JObject schema)
    {
        if (schema["enum"] is JArray values && !values.Any(v => v.Type == JTokenType.Null))
        {
            values.Add(JValue.CreateNull());
        }
        else if (schema["type"] is JValue one)
        {
            schema["type"] = new JArray(one, "null");
        }
    }

    private static void Limit(JObject schema, ValidationAttribute rule, Type type)
    {
        switch (rule)
        {
            case RangeAttribute range:
                (double? least, double? most) = OptionLimits.Of(range);
                Number(schema, range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum", least);
                Number(schema, range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum", most);
                break;
            case AllowedValuesAttribute allowed:
                schema["enum"] = new JArray(allowed.Values.Select(v => v is null ? JValue.CreateNull() : JToken.FromObject(v, OptionNames.Serializer)));
                break;
            case RegularExpressionAttribute pattern:
                schema["pattern"] = $"^(?:{pattern.Pattern})$";
                break;
            case MinLengthAttribute fewest:
                schema[type == typeof(string) ? "minLength" : "minItems"] = fewest.Length;
                break;
            case MaxLengthAttribute longest:
                schema[type == typeof(string) ? "maxLength" : "maxItems"] = longest.Length;
                break;
            case LengthAttribute length:
                schema[type == typeof(string) ? "minLength" : "minItems"] = length.MinimumLength;
                schema[type == typeof(string) ? "maxLength" : "maxItems"] = length.MaximumLength;
                break;
            default:
                break; // checked when a file is read; a schema has no words for it
        }
    }

    private static void Number(JObject schema, string keyword, double? limit)
    {
        if (limit is { } value)
        {
            schema[keyword] = value == Math.Floor(value) && Math.Abs(value) < long.MaxValue ? new JValue((long)value) : new JValue(value);
        }
    }
}
