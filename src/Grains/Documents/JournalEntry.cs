using Counter.Counting.Documents;

namespace Counter.Grains.Documents;

/// <summary>Documents that were changed together.</summary>
/// <param name="Version">The new version of the documents.</param>
/// <param name="Documents">The documents after the change; a document without text is deleted.</param>
internal sealed record JournalEntry(long Version, IReadOnlyList<Document> Documents);
