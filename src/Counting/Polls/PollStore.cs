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

    /// <summary>Writes batches. Each is taken once, however often it is told.</summary>
    /// <exception cref="IOException">Too many others changed the same polls; nothing or a part was kept, and telling it again is safe.</exception>
    public async ValueTask WriteAsync(IReadOnlyList<KeptVotes> votes, CancellationToken cancellationToken)
    {
        if (await TryWriteAsync(votes, cancellationToken) || await TryWriteAsync(votes, cancellationToken))
        {
            return;
        }

        // One poll that others change all the time must not hold up the others.
        foreach (var one in votes)
        {
            var attempt = 0;
            while (!await TryWriteAsync([one], cancellationToken))
            {
                if (++attempt == Attempts)
                {
                    throw new IOException("Other gateways changed a poll at the same time, again and again.");
                }
            }
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
