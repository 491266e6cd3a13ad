using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Counter.Counting.Documents;

namespace Counter.Gateway.Documents;

/// <summary>A document as the value it says.</summary>
/// <param name="Value">What it says.</param>
/// <param name="Version">Its version, which changes of it expect.</param>
internal sealed record Stored<T>(T Value, long Version);

/// <summary>Documents as the values they say: how settings, keys, webhooks and the audit log are written, in one place.</summary>
internal static class StoredDocuments
{
    /// <summary>How they are written.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = JsonTypeInfoResolver.Combine(DocumentsJson.Default, new DefaultJsonTypeInfoResolver()),
    };

    /// <summary>Adds the documents of a kind, at hand for those who serve requests.</summary>
    public static void AddBook<T>(this IServiceCollection services, DocumentKind kind)
        where T : class
    {
        services.AddBookReadByHand<T>(kind);
        services.AddHostedService(provider => provider.GetRequiredService<DocumentCache<T>>());
    }

    /// <summary>Adds the documents of a kind, read whenever somebody calls <see cref="DocumentCache{T}.RefreshAsync"/>.</summary>
    public static void AddBookReadByHand<T>(this IServiceCollection services, DocumentKind kind)
        where T : class => services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DocumentCache<T>>(provider, kind));

    /// <summary>One document; null when it is not there.</summary>
    /// <exception cref="JsonException">It says something else.</exception>
    public static async ValueTask<Stored<T>?> FindAsync<T>(
        this IDocuments documents, DocumentKind kind, string id, CancellationToken cancellationToken) =>
        await documents.FindAsync(kind, id, cancellationToken) is { } document ? new Stored<T>(document.Read<T>(), document.Version) : null;

    /// <summary>What a document says.</summary>
    /// <exception cref="JsonException">It says something else.</exception>
    public static T Read<T>(this Document document) => JsonSerializer.Deserialize<T>(document.Json!, Json)!;

    /// <summary>What a document says; null where it cannot be read.</summary>
    public static T? TryRead<T>(this Document document)
        where T : class
    {
        try
        {
            return document.Read<T>();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The change that has a document say something.</summary>
    public static DocumentChange Put<T>(DocumentKind kind, string id, T value, long? expected = null) =>
        new(kind, id, JsonSerializer.Serialize(value, Json), expected);
}
