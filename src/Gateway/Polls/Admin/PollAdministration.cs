using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Polls;
using Counter.Gateway.Admin;
using Counter.Gateway.Documents;
using Counter.Gateway.Http;
using Counter.Gateway.Settings;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Polls.Admin;

/// <summary>Creates, changes, resets and deletes polls.</summary>
/// <remarks>Votes change the same documents all the time, so preconditions compare the edition of the definition instead.</remarks>
internal sealed class PollAdministration(
    ICluster cluster, DocumentCache<Poll> documents, IOptions<LimitsOptions> limits, AuditLog audit, TimeProvider clock)
{
    private const int Attempts = 20;

    /// <summary>Reads the stored poll; null when there is none.</summary>
    public ValueTask<Stored<Poll>?> FindAsync(string id, CancellationToken cancellationToken) =>
        cluster.Documents.FindAsync<Poll>(DocumentKind.Poll, id, cancellationToken);

    /// <summary>The polls of a site.</summary>
    public async ValueTask<IReadOnlyList<(string Id, Poll Poll)>> ListAsync(string site, CancellationToken cancellationToken) =>
    [
        .. (await cluster.Documents.ListAsync(DocumentKind.Poll, site + "/", null, limits.Value.PollsPerSite + 1, descending: false, cancellationToken))
            .Select(document => (document.Id, document.Read<Poll>())),
    ];

    /// <summary>The votes of earlier days.</summary>
    public async ValueTask<PastVotes> PastAsync(string id, CancellationToken cancellationToken) =>
        (await cluster.Documents.FindAsync<PastVotes>(DocumentKind.PollPast, id, cancellationToken))?.Value ?? PastVotes.Empty;

    /// <summary>Creates or changes a poll.</summary>
    /// <returns>The refusal, or the new state of the poll and whether the poll is new.</returns>
    public async ValueTask<(IResult? Problem, Poll? Poll, bool IsNew)> PutAsync(
        string id, string page, string name, PollDefinition definition, HttpRequest request, KeyHolder who, CancellationToken cancellationToken)
    {
        var isNew = false;
        var (problem, poll) = await ChangeAsync(id, request, "poll.change", who, Change, cancellationToken);
        return (problem, poll, isNew);

        async ValueTask<(IResult?, Poll?)> Change(Poll? before, List<DocumentChange> changes)
        {
            isNew = before is null;
            if (before is null)
            {
                return documents.Entries.Keys.Count(other => other.StartsWith(id[..(id.LastIndexOf('/') + 1)], StringComparison.Ordinal)) < limits.Value.PollsPerSite
                    && documents.Entries.Count < limits.Value.Polls
                    ? (null, Poll.Begin(page, name, definition, Today).Reset(NewRound()) with { Registered = true })
                    : (Problems.Conflict("There is no room for another poll (Limits:PollsPerSite, Limits:Polls). Delete one first."), null);
            }

            if (!definition.Answers.SequenceEqual(before.Definition.Answers)
                && await cluster.Documents.FindAsync<PastVotes>(DocumentKind.PollPast, id, cancellationToken) is { } past)
            {
                changes.Add(StoredDocuments.Put(
                    DocumentKind.PollPast, id, past.Value.Align(before.Definition.Answers, definition.Answers), past.Version));
            }

            return (null, before.Redefine(definition, NewRound()));
        }
    }

    /// <summary>Deletes the votes of a poll and their history.</summary>
    /// <returns>The refusal, or the new state of the poll.</returns>
    public ValueTask<(IResult? Problem, Poll? Poll)> ResetAsync(string id, HttpRequest request, KeyHolder who, CancellationToken cancellationToken) =>
        ChangeAsync(id, request, "poll.reset", who, (before, changes) =>
        {
            changes.Add(new DocumentChange(DocumentKind.PollPast, id, Json: null));
            return new(before is null ? (NotThere, null) : (null, before.Reset(NewRound())));
        }, cancellationToken);

    /// <summary>Deletes a poll.</summary>
    /// <returns>The refusal; null when the poll is deleted.</returns>
    public async ValueTask<IResult?> DeleteAsync(string id, HttpRequest request, KeyHolder who, CancellationToken cancellationToken)
    {
        var found = await FindAsync(id, cancellationToken);
        if (found is null)
        {
            return NotThere;
        }

        if (Preconditions.RefuseIfAsked(request, found.Value.Edition) is { } refusal)
        {
            return refusal;
        }

        await audit.TryChangeAsync(
            who, "poll.delete", new(Subject(id, found.Value), Before: found.Value.Definition),
            [new(DocumentKind.Poll, id, Json: null), new(DocumentKind.PollPast, id, Json: null)], cancellationToken);
        await documents.RefreshAsync(cancellationToken);
        return null;
    }

    /// <summary>The answer when the poll does not exist.</summary>
    public static IResult NotThere => Problems.NotFound("There is no such poll.");

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <summary>Makes a unique name for a round of votes.</summary>
    private static string NewRound() => Guid.NewGuid().ToString("N")[..12];

    private static string Subject(string id, Poll poll) => $"{id[..id.LastIndexOf('/')]}{poll.Page} {poll.Name}";

    /// <summary>Changes a poll. Retries when a vote changed the document first.</summary>
    private async ValueTask<(IResult? Problem, Poll? Poll)> ChangeAsync(
        string id, HttpRequest request, string what, KeyHolder who, Func<Poll?, List<DocumentChange>, ValueTask<(IResult?, Poll?)>> change,
        CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var found = await FindAsync(id, cancellationToken);
            var edition = found?.Value.Edition ?? 0;
            if ((what == "poll.change" ? Preconditions.Refuse(request, edition) : Preconditions.RefuseIfAsked(request, edition)) is { } refusal)
            {
                return (refusal, null);
            }

            var changes = new List<DocumentChange>();
            var (problem, next) = await change(found?.Value, changes);
            if (next is null)
            {
                return (problem, null);
            }

            next = next with { Edition = Math.Max(edition + 1, clock.GetUtcNow().UtcTicks) };
            changes.Add(StoredDocuments.Put(DocumentKind.Poll, id, next, found?.Version ?? 0));
            var subject = new AuditSubject(Subject(id, next), found?.Value.Definition, next.Definition);
            if (await audit.TryChangeAsync(who, found is null ? "poll.create" : what, subject, changes, cancellationToken) is not null)
            {
                await documents.RefreshAsync(cancellationToken);
                return (null, next);
            }
        }

        return (Preconditions.Changed("Votes or changes by somebody else were stored first."), null);
    }
}
