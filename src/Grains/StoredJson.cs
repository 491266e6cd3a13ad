using System.Text.Json.Serialization;
using Counter.Grains.Pages;
using Counter.Grains.Sites;

namespace Counter.Grains;

/// <summary>Source-generated JSON of the states of grains.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StoredPage))]
[JsonSerializable(typeof(StoredSite))]
[JsonSerializable(typeof(StoredPart))]
[JsonSerializable(typeof(StoredDirectory))]
internal sealed partial class StoredJson : JsonSerializerContext;
