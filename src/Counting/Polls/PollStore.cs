using System.Text.Json;
using Counter.Counting.Documents;

namespace Counter.Counting.Polls;

/// <summary>Votes to be kept.</summary>
/// <param name="Id">The document of the poll.</param>
/// <param name="IfNew">The poll to begin when it is not there; null when its votes are worth nothing then.</param>
/// <param name="Batch">The votes.</param>
public sealed record KeptVotes(string Id, Poll? IfNew, VoteBatch Batch);

/// <summary>Writes votes to the documents that all gateways share. Others write there too, so each change expects what was read.</summary>
public sealed class PollStore(IDocuments documents)
{
    private const int Attempts = 10;

    /// <summary>Writes batches, of one poll one each. Each is taken once, however often it is told.</summary>
    /// <returns>What was not kept, by document, and why: telling it again is safe. All else is kept.</returns>
    public async ValueTask<IReadOnlyDictionary<string, string>> WriteAsync(IReadOnlyList<KeptVotes> votes, CancellationToken cancellationToken)
    {
        var left = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            if (await TryWriteAsync(votes, cancellationToken) || await TryWriteAsync(votes, cancellationToken))
            {
                return left;
            }
        }
        catch (JsonException)
        {
            // One by one it turns out which of them it is.
        }

        // One poll that others change all the time, or that cannot be read, must not hold up the others.
        foreach (var one in votes)
        {
            if (await TryWriteAsync(one, cancellationToken) is { } reason)
            {
                left[one.Id] = reason;
            }
        }

        return left;
    }

    /// <summary>Writes one.</summary>
    /// <returns>Why not; null when it is kept.</returns>
    private async ValueTask<string?> TryWriteAsync(KeptVotes one, CancellationToken cancellationToken)
    {
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                if (await TryWriteAsync([one], cancellationToken))
                {
                    return null;
                }
            }

            return "Other gateways changed it at the same time, again and again.";
        }
        catch (JsonException e)
        {
            return e.Message;
        }
    }

    /// <summary>Writes all of them, or none.</summary>
    /// <returns>False when another was faster.</returns>
    private async ValueTask<bool> TryWriteAsync(IReadOnlyList<KeptVotes> votes, CancellationToken cancellationToken)
    {
        var changes = new List<DocumentChange>();
        foreach (var (id, ifNew, batch) in votes)
        {
            var stored = await documents.FindAsync(DocumentKind.Poll, id, cancellationToken);
            var poll = stored is null ? ifNew : Read<Poll>(stored);
            if (poll?.Take(batch, out var past) is not { } next)
            {
                continue;
            }

            changes.Add(Put(DocumentKind.Poll, id, next, stored));
            if (past is not null)
            {
                var before = await documents.FindAsync(DocumentKind.PollPast, id, cancellationToken);
                changes.Add(Put(DocumentKind.PollPast, id, (before is null ? PollPast.Empty : Read<PollPast>(before)).Add(past), before));
            }
        }

        return changes.Count == 0 || await documents.TryChangeAsync(changes, cancellationToken) is not null;
    }

    private static T Read<T>(Document document) => JsonSerializer.Deserialize<T>(document.Json!, JsonSerializerOptions.Web)!;

    private static DocumentChange Put<T>(DocumentKind kind, string id, T value, Document? before) =>
        new(kind, id, JsonSerializer.Serialize(value, JsonSerializerOptions.Web), before?.Version ?? 0);
}
