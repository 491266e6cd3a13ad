using System.Globalization;
using System.Security.Cryptography;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Gateway.Documents;

namespace Counter.Gateway.Admin;

/// <summary>Applies changes and records who made them. The entry and the change are stored together.</summary>
internal sealed class AuditLog(ICluster cluster, TimeProvider clock)
{
    /// <summary>How long entries are kept: as long as the history of pages.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(731);

    /// <summary>The most entries that are kept. The oldest are removed first.</summary>
    public const int Most = 50_000;

    private const int Removed = 500;

    /// <summary>Stores the changes and the entry, or none of them.</summary>
    /// <param name="who">Who makes the changes.</param>
    /// <param name="what">The action, such as <c>site.change</c>.</param>
    /// <param name="subject">The target of the action.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The new version of the changed documents; null when a document no longer has the expected version.</returns>
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

    /// <summary>Lists entries, the newest first.</summary>
    /// <param name="after">The id of the last entry before these; null to begin with the newest.</param>
    /// <param name="most">The most entries.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<IReadOnlyList<(string Id, AuditEntry Entry)>> ListAsync(string? after, int most, CancellationToken cancellationToken)
    {
        var documents = await cluster.Documents.ListAsync(DocumentKind.Audit, "", after, most, descending: true, cancellationToken);
        return [.. documents.Select(d => (d.Id, d.Read<AuditEntry>()))];
    }

    /// <summary>Removes entries that are older than <see cref="Keep"/> or more than <see cref="Most"/>.</summary>
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

    /// <summary>Returns the id of the oldest of the <see cref="Most"/> newest entries; empty when there are fewer.</summary>
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

    /// <summary>Makes the beginning of an id. Ids sort like the times.</summary>
    private static string Id(DateTimeOffset at) => at.UtcTicks.ToString("x16", CultureInfo.InvariantCulture) + "-";
}

/// <summary>The target of an action in the audit log.</summary>
/// <param name="Name">A site, a channel, <c>site/webhook</c>, the id of a key.</param>
/// <param name="Before">Its old values, without secrets; null when it did not exist.</param>
/// <param name="After">Its new values, without secrets; null when it no longer exists.</param>
internal readonly record struct AuditSubject(string Name, object? Before = null, object? After = null);
