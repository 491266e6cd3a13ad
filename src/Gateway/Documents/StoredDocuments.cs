using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Counter.Counting.Documents;

namespace Counter.Gateway.Documents;

/// <summary>A document with its content deserialised.</summary>
/// <param name="Value">The content.</param>
/// <param name="Version">Its version. A conditional change expects it.</param>
internal sealed record Stored<T>(T Value, long Version);

/// <summary>Serialises and deserialises the content of documents: settings, keys, webhooks and the audit log.</summary>
internal static class StoredDocuments
{
    /// <summary>The JSON format of all documents.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = JsonTypeInfoResolver.Combine(DocumentsJson.Default, new DefaultJsonTypeInfoResolver()),
    };

    /// <summary>Adds a cache of the documents of a kind that refreshes itself.</summary>
    public static void AddBook<T>(this IServiceCollection services, DocumentKind kind)
        where T : class
    {
        services.AddBookReadByHand<T>(kind);
        services.AddHostedService(provider => provider.GetRequiredService<DocumentCache<T>>());
    }

    /// <summary>Adds a cache of the documents of a kind that refreshes only when <see cref="DocumentCache{T}.RefreshAsync"/> is called.</summary>
    public static void AddBookReadByHand<T>(this IServiceCollection services, DocumentKind kind)
        where T : class => services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DocumentCache<T>>(provider, kind));

    /// <summary>Finds a document; null when it does not exist.</summary>
    /// <exception cref="JsonException">The document is not a <typeparamref name="T"/>.</exception>
    public static async ValueTask<Stored<T>?> FindAsync<T>(
        this IDocuments documents, DocumentKind kind, string id, CancellationToken cancellationToken) =>
        await documents.FindAsync(kind, id, cancellationToken) is { } document ? new Stored<T>(document.Read<T>(), document.Version) : null;

    /// <summary>Deserialises the content of a document.</summary>
    /// <exception cref="JsonException">The document is not a <typeparamref name="T"/>.</exception>
    public static T Read<T>(this Document document) => JsonSerializer.Deserialize<T>(document.Json!, Json)!;

    /// <summary>Deserialises the content of a document; null when it is not a <typeparamref name="T"/>.</summary>
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

    /// <summary>Makes the change that stores a value.</summary>
    public static DocumentChange Put<T>(DocumentKind kind, string id, T value, long? expected = null) =>
        new(kind, id, JsonSerializer.Serialize(value, Json), expected);
}
