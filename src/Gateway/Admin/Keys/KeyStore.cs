using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Gateway.Documents;
using Counter.Gateway.Settings;
using Counter.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Admin.Keys;

/// <summary>Knows whose key is right. Only hashes are kept.</summary>
internal sealed class KeyStore
{
    private const int Listed = 1000;
    private const string FirstKeyTurn = "first-key";

    private readonly ICluster cluster;
    private readonly KeyUses uses;
    private readonly TimeProvider clock;
    private readonly string? configured;

    // Another key is another id, so that whoever signed in with the key before is no longer an operator. No made key has it.
    private readonly string configuredId;

    /// <exception cref="SettingException">The configured key is too short, or its file cannot be read.</exception>
    public KeyStore(ICluster cluster, KeyUses uses, IOptions<AdminOptions> options, TimeProvider clock)
    {
        (this.cluster, this.uses, this.clock) = (cluster, uses, clock);
        configured = options.Value.ReadKey() is { Length: > 0 } key ? ApiKey.Hash(key) : null;
        configuredId = "configuration-" + configured?[..8];
    }

    /// <summary>The holder of a key; null when it is not right, was revoked, or has expired.</summary>
    public async ValueTask<(KeyHolder? Holder, bool IsExpired)> VerifyAsync(string text, CancellationToken cancellationToken)
    {
        if (configured is not null && ApiKey.Matches(text, configured))
        {
            return (new KeyHolder(configuredId, "operator", KeyRole.Operator, ""), false);
        }

        if (!ApiKey.TryParse(text, out var key)
            || await cluster.Documents.FindAsync<KeyRecord>(DocumentKind.Key, key.Id, cancellationToken) is not { Value: var record } stored
            || !ApiKey.Matches(key.Secret, record.Hash))
        {
            return (null, false);
        }

        if (record.IsExpired(clock.GetUtcNow()))
        {
            return (null, true);
        }

        uses.Note(key.Id, stored);
        return (new KeyHolder(key.Id, record.Name, record.Role, record.Scope), false);
    }

    /// <summary>Whether the operator's key that was right once still is.</summary>
    public async ValueTask<bool> IsOperatorAsync(string id, CancellationToken cancellationToken) => id == configuredId
        ? configured is not null
        : await FindAsync(id, cancellationToken) is { Role: KeyRole.Operator } key && !key.IsExpired(clock.GetUtcNow());

    /// <summary>Whether a key that was right once still is.</summary>
    public async ValueTask<bool> IsValidAsync(string id, CancellationToken cancellationToken) => id == configuredId
        ? configured is not null
        : await FindAsync(id, cancellationToken) is { } key && !key.IsExpired(clock.GetUtcNow());

    /// <summary>A key by its id; null when there is none.</summary>
    public async ValueTask<KeyRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await cluster.Documents.FindAsync<KeyRecord>(DocumentKind.Key, id, cancellationToken))?.Value;

    /// <summary>All keys that were made.</summary>
    public async ValueTask<IReadOnlyList<(string Id, KeyRecord Record)>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = new List<(string, KeyRecord)>();
        IReadOnlyList<Document> part;
        do
        {
            var after = keys.Count == 0 ? null : keys[^1].Item1;
            part = await cluster.Documents.ListAsync(DocumentKind.Key, "", after, Listed, descending: false, cancellationToken);
            keys.AddRange(part.Select(d => (d.Id, d.Read<KeyRecord>())));
        }
        while (part.Count == Listed);

        return keys;
    }

    /// <summary>Revokes a key.</summary>
    /// <returns>False when somebody else has revoked it meanwhile.</returns>
    public async ValueTask<bool> TryRevokeAsync(string id, KeyRecord record, KeyHolder who, AuditLog audit, CancellationToken cancellationToken)
    {
        // Where the version is another one by now, the day of the last use was written in between; that is once a day.
        while (await cluster.Documents.FindAsync(DocumentKind.Key, id, cancellationToken) is { } document)
        {
            if (await audit.TryChangeAsync(
                who, "key.revoke", new(record.Describe(id), Before: record.ForAudit()),
                [new DocumentChange(DocumentKind.Key, id, Json: null, document.Version)], cancellationToken) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the operator would always have a key without this one: those that expire do not count.</summary>
    public async ValueTask<bool> HasOtherOperatorAsync(string id, CancellationToken cancellationToken) =>
        configured is not null || (await ListAsync(cancellationToken)).Any(k => k.Id != id && k.Record is { Role: KeyRole.Operator, ExpiresAt: null });

    /// <summary>Which times are allowed where a new key may not expire at this one; null when it may.</summary>
    public async ValueTask<string?> ExplainExpiryAsync(DateTimeOffset? expiresAt, KeyHolder maker, CancellationToken cancellationToken)
    {
        // Whoever has a key for a week must not make one for ever of it.
        var latest = (await FindAsync(maker.Id, cancellationToken))?.ExpiresAt;
        return expiresAt > clock.GetUtcNow() && !(expiresAt > latest) ? null
            : latest is not null ? $"A time in the future, {latest:u} at the latest: the key that makes it expires then."
            : expiresAt is not null ? "A time in the future, such as 2027-01-01T00:00:00Z, or null for never."
            : null;
    }

    /// <summary>The change that stores a new key, and the key, which nobody can make from what is stored.</summary>
    public (ApiKey Key, KeyRecord Record, DocumentChange Change) Make(string name, KeyRole role, string scope, string by, DateTimeOffset? expiresAt = null)
    {
        var key = ApiKey.Make();
        var record = new KeyRecord(name, role, scope, ApiKey.Hash(key.Secret), clock.GetUtcNow(), by, expiresAt);
        return (key, record, StoredDocuments.Put(DocumentKind.Key, key.Id, record, expected: 0));
    }

    /// <summary>Makes the operator's first key, unless there is one.</summary>
    /// <returns>The key, to be shown once; null when there was one.</returns>
    public async ValueTask<ApiKey?> MakeFirstAsync(AuditLog audit, CancellationToken cancellationToken)
    {
        if (configured is not null)
        {
            return null;
        }

        // Gateways may start together: only one of those that saw no key makes one.
        var turn = await cluster.Documents.FindAsync(DocumentKind.Start, FirstKeyTurn, cancellationToken);
        if ((await ListAsync(cancellationToken)).Any(k => k.Record is { Role: KeyRole.Operator, ExpiresAt: null }))
        {
            return null;
        }

        var (key, record, change) = Make("operator", KeyRole.Operator, "", "first start");
        var first = new KeyHolder(key.Id, "first start", KeyRole.Operator, "");
        var mine = new DocumentChange(DocumentKind.Start, FirstKeyTurn, "{}", Expected: turn?.Version ?? 0);
        var subject = new AuditSubject("operator", After: record.ForAudit());
        return await audit.TryChangeAsync(first, "key.create", subject, [change, mine], cancellationToken) is null ? null : key;
    }
}
