namespace Counter.Counting.Documents;

/// <summary>The kinds of documents. The names are stored, so they never change.</summary>
public enum DocumentKind
{
    /// <summary>The settings of a site; the id is the site.</summary>
    Site,

    /// <summary>A key of the admin API, as a hash; the id is the public part of the key.</summary>
    Key,

    /// <summary>A webhook of a site; the id is <c>site/name</c>.</summary>
    Webhook,

    /// <summary>The messages of a webhook, sent and to be sent; the id is that of the webhook.</summary>
    Delivery,

    /// <summary>The settings of a relay channel; the id is the channel.</summary>
    Channel,

    /// <summary>An entry of the audit log; the ids rise with time.</summary>
    Audit,

    /// <summary>The key that signs the session cookies of the monitor.</summary>
    CookieKey,

    /// <summary>Values that gateways agree on when they start together.</summary>
    Start,

    /// <summary>The secret that all gateways share; there is one document.</summary>
    ClusterSecret,

    /// <summary>The definition of a poll and the votes of each answer; the id is <c>site/</c> and a hash.</summary>
    Poll,

    /// <summary>The votes of a poll on earlier days; the id is that of the poll.</summary>
    PollPast,
}

/// <summary>A small piece of settings that all gateways share.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">Its id, unique in its kind.</param>
/// <param name="Json">Its content; null in <see cref="IDocuments.ChangesAsync"/> for a deleted document.</param>
/// <param name="Version">Rises with every change of any document, so a document that is deleted and created again has another version.</param>
[GenerateSerializer, Immutable, Alias("counter.Document")]
public sealed record Document(DocumentKind Kind, string Id, string? Json, long Version)
{
    /// <summary>Does not contain the content, which may be a secret, so that no log has it: Orleans describes a response by its result.</summary>
    public override string ToString() => $"{Kind} {Id}";
}

/// <summary>A change of one document.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">Its id, at most <see cref="IDocuments.LongestId"/> characters.</param>
/// <param name="Json">Its new content, at most <see cref="IDocuments.LongestJson"/> characters; null deletes it.</param>
/// <param name="Expected">The version that it must have for the change to apply; 0 if it must not exist, null for any.</param>
[GenerateSerializer, Immutable, Alias("counter.DocumentChange")]
public sealed record DocumentChange(DocumentKind Kind, string Id, string? Json, long? Expected = null)
{
    /// <summary>Refuses changes that no engine accepts.</summary>
    /// <exception cref="ArgumentException">An id or text is too long, or an id is empty.</exception>
    public static void Check(IReadOnlyList<DocumentChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (changes.Any(c => c.Id.Length is 0 or > IDocuments.LongestId || c.Json?.Length > IDocuments.LongestJson))
        {
            throw new ArgumentException("A document is too long.", nameof(changes));
        }
    }
}

/// <summary>The changes since a version.</summary>
/// <param name="Version">The version for the next request.</param>
/// <param name="Changed">The current documents, in no order.</param>
/// <param name="Complete">Whether these are all documents and any other was deleted, because the requested version was too old.</param>
[GenerateSerializer, Immutable, Alias("counter.DocumentNews")]
public sealed record DocumentUpdates(long Version, IReadOnlyList<Document> Changed, bool Complete);
