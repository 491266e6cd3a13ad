using System.Text.Json.Serialization;
using Counter.Counting.Totals;
using Counter.Grains.Sites;

namespace Counter.Grains.Pages;

/// <summary>What is stored of a page. Its leases are stored with its total, so that an arrival is counted exactly once whatever happens in between.</summary>
/// <param name="Site">The site.</param>
/// <param name="Path">The path.</param>
/// <param name="Total">Peak, arrivals and history.</param>
/// <param name="Leases">What gateways said last.</param>
internal sealed record StoredPage(string Site, string Path, TallyState Total, IReadOnlyList<LeaseMemory> Leases);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StoredPage))]
[JsonSerializable(typeof(StoredSite))]
[JsonSerializable(typeof(StoredPart))]
[JsonSerializable(typeof(StoredDirectory))]
internal sealed partial class StoredJson : JsonSerializerContext;
