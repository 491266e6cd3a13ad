using Counter.Counting.Documents;

namespace Counter.Grains.Documents;

/// <summary>Documents that were changed together.</summary>
/// <param name="Version">The version that the documents have from here on.</param>
/// <param name="Documents">The documents as they are from here on; those without text are gone.</param>
internal sealed record JournalEntry(long Version, IReadOnlyList<Document> Documents);
