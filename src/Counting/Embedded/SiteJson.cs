using System.Text.Json.Serialization;
using Counter.Counting.Totals;

namespace Counter.Counting.Embedded;

/// <summary>What the file of a site holds.</summary>
/// <param name="Format">The version of the format.</param>
/// <param name="Site">The site; read only when the format is known.</param>
internal sealed record StoredSite(int Format, SiteState? Site);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StoredSite))]
internal sealed partial class SiteJson : JsonSerializerContext;
