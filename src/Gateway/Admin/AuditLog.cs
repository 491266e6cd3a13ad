using System.Globalization;
using System.Security.Cryptography;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Gateway.Documents;

namespace Counter.Gateway.Admin;

/// <summary>Makes changes, and remembers who made them: the entry and the change are one.</summary>
internal sealed class AuditLog(ICluster cluster, TimeProvider clock)
{
    /// <summary>How long entries are kept: as long as the history of pages.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(731);

    /// <summary>Entries that are kept at most; the oldest go first.</summary>
    public const int Most = 50_000;

    private const int Removed = 500;

    /// <summary>Makes the changes and the entry, or none of them.</summary>
    /// <param name="who">Who makes them.</param>
    /// <param name="what">What is done, as <c>site.change</c>.</param>
    /// <param name="subject">What is changed.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The version of what was changed; null when it is no longer as it was expected.</returns>
    public async ValueTask<long?> TryChangeAsync(
        KeyHolder who, string what, AuditSubject subject, IReadOnlyList<DocumentChange> changes, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (before, after) = AuditValues.Compare(subject.Before, subject.After);
        var entry = new AuditEntry(now, who.Signature, what, subject.Name, before, after);
        var id = Id(now) + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var change = StoredDocuments.Put(DocumentKind.Audit, id, entry, expected: 0);
        return await cluster.Documents.TryChangeAsync([.. changes, change], cancellationToken);
    }

    /// <summary>Entries, the newest first.</summary>
    /// <param name="after">The id to go on after; null to begin with the newest.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<IReadOnlyList<(string Id, AuditEntry Entry)>> ListAsync(string? after, int most, CancellationToken cancellationToken)
    {
        var documents = await cluster.Documents.ListAsync(DocumentKind.Audit, "", after, most, descending: true, cancellationToken);
        return [.. documents.Select(d => (d.Id, d.Read<AuditEntry>()))];
    }

    /// <summary>Forgets entries that are older than is kept.</summary>
    public async ValueTask TidyAsync(CancellationToken cancellationToken)
    {
        var horizon = Max(Id(clock.GetUtcNow() - Keep), await FindLastKeptAsync(cancellationToken));
        IReadOnlyList<Document> oldest;
        do
        {
            oldest = await cluster.Documents.ListAsync(DocumentKind.Audit, "", null, Removed, descending: false, cancellationToken);
            oldest = [.. oldest.Where(d => string.CompareOrdinal(d.Id, horizon) < 0)];
            if (oldest.Count > 0)
            {
                await cluster.Documents.TryChangeAsync(
                    [.. oldest.Select(d => new DocumentChange(DocumentKind.Audit, d.Id, Json: null))], cancellationToken);
            }
        }
        while (oldest.Count == Removed);
    }

    /// <summary>The id of the oldest entry that is kept for its number; empty when there are not so many.</summary>
    private async ValueTask<string> FindLastKeptAsync(CancellationToken cancellationToken)
    {
        string? last = null;
        for (var known = 0; known < Most; known += Removed)
        {
            var part = await cluster.Documents.ListAsync(DocumentKind.Audit, "", last, Removed, descending: true, cancellationToken);
            if (part.Count < Removed)
            {
                return "";
            }

            last = part[^1].Id;
        }

        return last ?? "";
    }

    private static string Max(string a, string b) => string.CompareOrdinal(a, b) < 0 ? b : a;

    /// <summary>Text that sorts as the times do.</summary>
    private static string Id(DateTimeOffset at) => at.UtcTicks.ToString("x16", CultureInfo.InvariantCulture) + "-";
}

/// <summary>What an entry of the audit log is about.</summary>
/// <param name="Name">A site, a channel, <c>site/webhook</c>, the id of a key.</param>
/// <param name="Before">What may be told of it as it was, never a secret; null when it was not there.</param>
/// <param name="After">What may be told of it as it is from here on; null when it is gone.</param>
internal readonly record struct AuditSubject(string Name, object? Before = null, object? After = null);
