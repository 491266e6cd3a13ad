namespace Counter.Counting.Documents;

/// <summary>What a document is about. The names are stored; they are never changed.</summary>
public enum DocumentKind
{
    /// <summary>The settings of a site; the id is the site.</summary>
    Site,

    /// <summary>A key to the admin API, as a hash; the id is the public part of the key.</summary>
    Key,

    /// <summary>A webhook of a site; the id is <c>site/name</c>.</summary>
    Webhook,

    /// <summary>What a webhook has sent and is to send; the id is that of the webhook.</summary>
    Delivery,

    /// <summary>The settings of a relay channel; the id is the channel.</summary>
    Channel,

    /// <summary>An entry of the audit log; the ids rise with time.</summary>
    Audit,

    /// <summary>What signs the session cookies of the monitor.</summary>
    CookieKey,

    /// <summary>What gateways that start together agree on.</summary>
    Start,

    /// <summary>The secret that all gateways share; there is one.</summary>
    ClusterSecret,

    /// <summary>What a poll asks and how often each answer was chosen; the id is <c>site/</c> and a hash.</summary>
    Poll,

    /// <summary>The votes of a poll on earlier days; the id is that of the poll.</summary>
    PollPast,
}

/// <summary>A small piece of settings that all gateways share.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Id">Its name among those of its kind.</param>
/// <param name="Json">What it says; null in <see cref="IDocuments.ChangesAsync"/> for one that was deleted.</param>
/// <param name="Version">Rises with every change of any document, so it also tells a document from one deleted and made anew.</param>
[GenerateSerializer, Immutable, Alias("counter.Document")]
public sealed record Document(DocumentKind Kind, string Id, string? Json, long Version);

/// <summary>A change of one document.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Id">Its name, at most <see cref="IDocuments.LongestId"/> characters.</param>
/// <param name="Json">What it shall say, at most <see cref="IDocuments.LongestJson"/> characters; null deletes it.</param>
/// <param name="Expected">The version it must have for the change to happen; 0 when it must not be there, null when any will do.</param>
[GenerateSerializer, Immutable, Alias("counter.DocumentChange")]
public sealed record DocumentChange(DocumentKind Kind, string Id, string? Json, long? Expected = null)
{
    /// <summary>Refuses changes that no engine takes.</summary>
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

/// <summary>What has changed since some version.</summary>
/// <param name="Version">What to ask with the next time.</param>
/// <param name="Changed">The documents as they are now, in no order.</param>
/// <param name="Complete">Whether these are all there are, and any other is gone: the version asked with was too old to say more.</param>
[GenerateSerializer, Immutable, Alias("counter.DocumentNews")]
public sealed record DocumentUpdates(long Version, IReadOnlyList<Document> Changed, bool Complete);
