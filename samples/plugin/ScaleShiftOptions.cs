using System.ComponentModel.DataAnnotations;
using DeltaTune.Sites;
using Newtonsoft.Json;

namespace ScaleShift;

/// <summary>Settings of the <c>scale-shift</c> delta.</summary>
public sealed record ScaleShiftOptions
{
    /// <summary>Gets the linear sites to act on, as a site selector.</summary>
    /// <value>The default is every linear map of the layers (Lian et al. 2022, §3.2, acts after each operation).</value>
    [Required]
    [JsonConverter(typeof(SelectorTextConverter))]
    public string Sites { get; init; } = "all-linear";
}
