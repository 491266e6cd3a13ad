using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Counter.Gateway.Cluster;
using Counter.Gateway.Settings;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Visitors;

/// <summary>
/// Makes visitor hashes that are useless the next day. Their key is derived from a secret and the date (UTC), so gateways that share the secret
/// agree, and nobody can look up an address without it. Kept in memory only.
/// </summary>
/// <remarks>
/// The secret is the configured one, else that of the cluster. Until that is read, it is a random one. After the change, earlier visitors are
/// recognised as they are after midnight.
/// </remarks>
internal sealed class DailySalt(IOptions<IdentityOptions> options, ClusterSecret cluster, TimeProvider clock)
{
    private const string Purpose = "visitors";

    private readonly byte[] ofThisRun = RandomNumberGenerator.GetBytes(32);

    // The last secret, and the salts of today and yesterday. Replaced as a whole, so a reader gets one day or the next.
    private volatile Salts? salts;
    private byte[]? shared = options.Value.Secret.Length > 0 ? Encoding.UTF8.GetBytes(options.Value.Secret) : null;

    private byte[] Secret => (shared ??= cluster.Derive(Purpose)) ?? ofThisRun;

    /// <summary>The hashes of today and yesterday. The second recognises visitors who came before midnight.</summary>
    public (ulong Today, ulong Yesterday) Hash(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var salts = Current();
        return (Hash(salts.Today, bytes), Hash(salts.Yesterday, bytes));
    }

    /// <summary>A hash that does not change with the day.</summary>
    public ulong HashForGood(string text) => Hash(Secret, Encoding.UTF8.GetBytes(text));

    /// <summary>A hash that is valid only for this run of this gateway. No other gateway has the same.</summary>
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
