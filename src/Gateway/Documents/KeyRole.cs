using System.Text.Json.Serialization;
using Counter.Gateway.Settings;

namespace Counter.Gateway.Documents;

/// <summary>What a key may do.</summary>
[JsonConverter(typeof(NamedEnumConverter<KeyRole>))]
internal enum KeyRole
{
    /// <summary>Read one site.</summary>
    [JsonStringEnumMemberName("read")]
    Read,

    /// <summary>Read and change one site, its webhooks and its keys.</summary>
    [JsonStringEnumMemberName("manage")]
    Manage,

    /// <summary>Publish to one relay channel.</summary>
    [JsonStringEnumMemberName("publish")]
    Publish,

    /// <summary>Everything.</summary>
    [JsonStringEnumMemberName("operator")]
    Operator,
}

/// <summary>A key as it is stored. The key cannot be derived from it.</summary>
/// <param name="Name">The name that its creator chose.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Scope">Its site or channel; empty for the operator.</param>
/// <param name="Hash">SHA-256 of the secret part, in hexadecimal.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="CreatedBy">Who created it.</param>
/// <param name="ExpiresAt">When it expires; null for never.</param>
/// <param name="LastUsedOn">The last day (UTC) on which it was used; null when it was never used.</param>
internal sealed record KeyRecord(
    string Name, KeyRole Role, string Scope, string Hash, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt = null,
    DateOnly? LastUsedOn = null)
{
    public bool IsExpired(DateTimeOffset now) => now >= ExpiresAt;

    /// <summary>Returns the values for the audit log, without the hash.</summary>
    public object ForAudit() => new { Name, Role, Scope, ExpiresAt };

    /// <summary>Describes the key in the audit log.</summary>
    public string Describe(string id) => $"{id} {Role.ToString().ToLowerInvariant()} {Scope}".TrimEnd();
}

/// <summary>The holder of a valid key.</summary>
/// <param name="Id">The public part of the key.</param>
/// <param name="Name">The name that its creator chose.</param>
/// <param name="Role">What the holder may do.</param>
/// <param name="Scope">The site or channel of the key; empty for the operator.</param>
internal sealed record KeyHolder(string Id, string Name, KeyRole Role, string Scope)
{
    /// <summary>The name of the holder in the audit log.</summary>
    public string Signature => $"{Name} ({Id})";

    /// <summary>Whether the holder may read what is not public about a site.</summary>
    public bool MayRead(string site) => Role == KeyRole.Operator || (Role is KeyRole.Read or KeyRole.Manage && Scope == site);

    /// <summary>Whether the holder may change a site, its keys and its webhooks.</summary>
    public bool MayManage(string site) => Role == KeyRole.Operator || (Role == KeyRole.Manage && Scope == site);
}
