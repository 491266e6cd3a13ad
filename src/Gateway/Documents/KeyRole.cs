using System.Text.Json.Serialization;
using Counter.Gateway.Settings;

namespace Counter.Gateway.Documents;

/// <summary>What a key may do.</summary>
[JsonConverter(typeof(NamedEnumConverter<KeyRole>))]
internal enum KeyRole
{
    /// <summary>See one site.</summary>
    [JsonStringEnumMemberName("read")]
    Read,

    /// <summary>See and change one site, its webhooks and its keys.</summary>
    [JsonStringEnumMemberName("manage")]
    Manage,

    /// <summary>Publish to one relay channel.</summary>
    [JsonStringEnumMemberName("publish")]
    Publish,

    /// <summary>Everything.</summary>
    [JsonStringEnumMemberName("operator")]
    Operator,
}

/// <summary>A key as it is stored: nobody can make the key from it.</summary>
/// <param name="Name">What its maker calls it.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Scope">The site or channel that it is for; empty for the operator.</param>
/// <param name="Hash">SHA-256 of the secret part, in hexadecimal.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">Who made it.</param>
internal sealed record KeyRecord(string Name, KeyRole Role, string Scope, string Hash, DateTimeOffset CreatedAt, string CreatedBy)
{
    /// <summary>How the audit log names the key.</summary>
    public string Describe(string id) => $"{id} {Role.ToString().ToLowerInvariant()} {Scope}".TrimEnd();
}

/// <summary>Somebody whose key was right.</summary>
/// <param name="Id">The public part of the key.</param>
/// <param name="Name">What its maker calls it.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Scope">The site or channel that it is for; empty for the operator.</param>
internal sealed record KeyHolder(string Id, string Name, KeyRole Role, string Scope)
{
    /// <summary>How the audit log names the holder.</summary>
    public string Signature => $"{Name} ({Id})";

    /// <summary>Whether the holder may see what is not for everybody of a site.</summary>
    public bool MayRead(string site) => Role == KeyRole.Operator || (Role is KeyRole.Read or KeyRole.Manage && Scope == site);

    /// <summary>Whether the holder may change a site, its keys and its webhooks.</summary>
    public bool MayManage(string site) => Role == KeyRole.Operator || (Role == KeyRole.Manage && Scope == site);
}
