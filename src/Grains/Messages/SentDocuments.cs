using Counter.Counting.Documents;

namespace Counter.Grains.Messages;

[GenerateSerializer, Immutable, Alias("counter.Document")]
internal readonly record struct SentDocument(
    [property: Id(0)] DocumentKind Kind, [property: Id(1)] string Id, [property: Id(2)] string? Json, [property: Id(3)] long Version);

[GenerateSerializer, Immutable, Alias("counter.DocumentChange")]
internal readonly record struct SentDocumentChange(
    [property: Id(0)] DocumentKind Kind, [property: Id(1)] string Id, [property: Id(2)] string? Json, [property: Id(3)] long? Expected);

[GenerateSerializer, Immutable, Alias("counter.DocumentNews")]
internal readonly record struct SentDocumentNews(
    [property: Id(0)] long Version, [property: Id(1)] IReadOnlyList<Document> Changed, [property: Id(2)] bool Complete);

[RegisterConverter]
internal sealed class DocumentConverter : IConverter<Document, SentDocument>
{
    public Document ConvertFromSurrogate(in SentDocument sent) => new(sent.Kind, sent.Id, sent.Json, sent.Version);

    public SentDocument ConvertToSurrogate(in Document value) => new(value.Kind, value.Id, value.Json, value.Version);
}

[RegisterConverter]
internal sealed class DocumentChangeConverter : IConverter<DocumentChange, SentDocumentChange>
{
    public DocumentChange ConvertFromSurrogate(in SentDocumentChange sent) => new(sent.Kind, sent.Id, sent.Json, sent.Expected);

    public SentDocumentChange ConvertToSurrogate(in DocumentChange value) => new(value.Kind, value.Id, value.Json, value.Expected);
}

[RegisterConverter]
internal sealed class DocumentNewsConverter : IConverter<DocumentNews, SentDocumentNews>
{
    public DocumentNews ConvertFromSurrogate(in SentDocumentNews sent) => new(sent.Version, sent.Changed, sent.Complete);

    public SentDocumentNews ConvertToSurrogate(in DocumentNews value) => new(value.Version, value.Changed, value.Complete);
}
