using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Visitors;

/// <summary>
/// Makes identities that mean nothing tomorrow: keyed hashes whose key is derived from a secret and the date (UTC), so gateways that
/// share the secret agree and nobody can look up an address without it. Kept in memory only.
/// </summary>
internal sealed class DailySalt(IOptions<IdentityOptions> options, TimeProvider clock)
{
    private readonly byte[] secret = options.Value.Secret.Length > 0
        ? Encoding.UTF8.GetBytes(options.Value.Secret)
        : RandomNumberGenerator.GetBytes(32);

    // Today's and yesterday's. Replaced as a whole, so a reader sees one day or the next.
    private volatile Salts? salts;

    /// <summary>The identity of something today and yesterday: whoever came before midnight is still the same.</summary>
    public (ulong Today, ulong Yesterday) Hash(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var salts = Current();
        return (Hash(salts.Today, bytes), Hash(salts.Yesterday, bytes));
    }

    /// <summary>An identity that does not change with the day.</summary>
    public ulong HashForGood(string text) => Hash(secret, Encoding.UTF8.GetBytes(text));

    private static ulong Hash(byte[] key, byte[] text) => BitConverter.ToUInt64(HMACSHA256.HashData(key, text));

    private Salts Current()
    {
        var day = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (salts is not { } known || known.Day != day)
        {
            salts = known = new Salts(day, Of(day), Of(day.AddDays(-1)));
        }

        return known;
    }

    private byte[] Of(DateOnly day) =>
        HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(day.ToString("O", CultureInfo.InvariantCulture)));

    private sealed record Salts(DateOnly Day, byte[] Today, byte[] Yesterday);
}
