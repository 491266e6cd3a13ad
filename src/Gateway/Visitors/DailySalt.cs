using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Counter.Gateway.Cluster;
using Counter.Gateway.Settings;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Visitors;

/// <summary>
/// Makes identities that mean nothing tomorrow: keyed hashes whose key is derived from a secret and the date (UTC), so gateways that
/// share the secret agree and nobody can look up an address without it. Kept in memory only.
/// </summary>
/// <remarks>
/// The secret is the configured one, else that of the cluster; until that can be read, a random one. When it comes, whoever was
/// there before is recognised as after midnight.
/// </remarks>
internal sealed class DailySalt(IOptions<IdentityOptions> options, ClusterSecret cluster, TimeProvider clock)
{
    private const string Purpose = "visitors";

    private readonly byte[] ofThisRun = RandomNumberGenerator.GetBytes(32);

    // The last secret, and today's and yesterday's salt. Replaced as a whole, so a reader sees one day or the next.
    private volatile Salts? salts;
    private byte[]? shared = options.Value.Secret.Length > 0 ? Encoding.UTF8.GetBytes(options.Value.Secret) : null;

    private byte[] Secret => (shared ??= cluster.Derive(Purpose)) ?? ofThisRun;

    /// <summary>The identity of something today and yesterday: whoever came before midnight is still the same.</summary>
    public (ulong Today, ulong Yesterday) Hash(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var salts = Current();
        return (Hash(salts.Today, bytes), Hash(salts.Yesterday, bytes));
    }

    /// <summary>An identity that does not change with the day.</summary>
    public ulong HashForGood(string text) => Hash(Secret, Encoding.UTF8.GetBytes(text));

    /// <summary>An identity of something that only this run of this gateway knows; no other gateway has the same.</summary>
    public ulong HashForRun(string text) => Hash(ofThisRun, Encoding.UTF8.GetBytes(text));

    private static ulong Hash(byte[] key, byte[] text) => BitConverter.ToUInt64(HMACSHA256.HashData(key, text));

    private Salts Current()
    {
        var day = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var secret = Secret;
        if (salts is not { } known || known.Day != day || known.Secret != secret)
        {
            var before = salts is { } old && old.Secret != secret ? old.Today : Of(secret, day.AddDays(-1));
            salts = known = new Salts(secret, day, Of(secret, day), before);
        }

        return known;
    }

    private static byte[] Of(byte[] secret, DateOnly day) =>
        HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(day.ToString("O", CultureInfo.InvariantCulture)));

    private sealed record Salts(byte[] Secret, DateOnly Day, byte[] Today, byte[] Yesterday);
}
