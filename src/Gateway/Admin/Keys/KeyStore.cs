using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Gateway.Documents;
using Counter.Gateway.Settings;
using Counter.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Admin.Keys;

/// <summary>Creates, stores and verifies keys. Only hashes are stored.</summary>
internal sealed class KeyStore
{
    private const int Listed = 1000;
    private const string FirstKeyTurn = "first-key";

    private readonly ICluster cluster;
    private readonly KeyUses uses;
    private readonly TimeProvider clock;
    private readonly string? configured;

    // Another configured key has another id, so a session that was opened with the key before is no longer the operator's. No created key has this
    // id.
    private readonly string configuredId;

    /// <exception cref="SettingException">The configured key is too short, or its file cannot be read.</exception>
    public KeyStore(ICluster cluster, KeyUses uses, IOptions<AdminOptions> options, TimeProvider clock)
    {
        (this.cluster, this.uses, this.clock) = (cluster, uses, clock);
        configured = options.Value.ReadKey() is { Length: > 0 } key ? ApiKey.Hash(key) : null;
        configuredId = "configuration-" + configured?[..8];
    }

    /// <summary>Returns the holder of a key; null when the key is wrong, was revoked or has expired.</summary>
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

        uses.Record(key.Id, stored);
        return (new KeyHolder(key.Id, record.Name, record.Role, record.Scope), false);
    }

    /// <summary>Whether a key that was valid still is.</summary>
    public async ValueTask<bool> IsValidAsync(string id, CancellationToken cancellationToken) => id == configuredId
        ? configured is not null
        : await FindAsync(id, cancellationToken) is { } key && !key.IsExpired(clock.GetUtcNow());

    /// <summary>Finds a key by its id; null when it does not exist.</summary>
    public async ValueTask<KeyRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await cluster.Documents.FindAsync<KeyRecord>(DocumentKind.Key, id, cancellationToken))?.Value;

    /// <summary>Lists all created keys.</summary>
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
    /// <returns>False when somebody else revoked it in the meantime.</returns>
    public async ValueTask<bool> TryRevokeAsync(string id, KeyRecord record, KeyHolder who, AuditLog audit, CancellationToken cancellationToken)
    {
        // The day of the last use may be written in between. That happens once a day, so a second attempt succeeds.
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

    /// <summary>Whether the operator has another key than this one that does not expire.</summary>
    public async ValueTask<bool> HasOtherOperatorAsync(string id, CancellationToken cancellationToken) =>
        configured is not null || (await ListAsync(cancellationToken)).Any(k => k.Id != id && k.Record is { Role: KeyRole.Operator, ExpiresAt: null });

    /// <summary>Explains when a new key may expire; null when it may expire at the given time.</summary>
    public async ValueTask<string?> ExplainExpiryAsync(DateTimeOffset? expiresAt, KeyHolder maker, CancellationToken cancellationToken)
    {
        // The holder of a key for one week must not make one for ever.
        var latest = (await FindAsync(maker.Id, cancellationToken))?.ExpiresAt;
        return expiresAt > clock.GetUtcNow() && !(expiresAt > latest) ? null
            : latest is not null ? $"A time in the future, {latest:u} at the latest: the key of this request expires then."
            : expiresAt is not null ? "A time in the future, such as 2027-01-01T00:00:00Z, or null for never."
            : null;
    }

    /// <summary>Makes a new key and the change that stores it. The key cannot be derived from what is stored.</summary>
    public (ApiKey Key, KeyRecord Record, DocumentChange Change) Make(string name, KeyRole role, string scope, string by, DateTimeOffset? expiresAt = null)
    {
        var key = ApiKey.Make();
        var record = new KeyRecord(name, role, scope, ApiKey.Hash(key.Secret), clock.GetUtcNow(), by, expiresAt);
        return (key, record, StoredDocuments.Put(DocumentKind.Key, key.Id, record, expected: 0));
    }

    /// <summary>Creates the operator's first key, unless one exists.</summary>
    /// <returns>The key, to be shown once; null when one exists.</returns>
    public async ValueTask<ApiKey?> MakeFirstAsync(AuditLog audit, CancellationToken cancellationToken)
    {
        if (configured is not null)
        {
            return null;
        }

        // Gateways may start together. The expected version lets only one of them create a key.
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
