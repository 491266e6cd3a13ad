using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Counter.Gateway.Cluster;

/// <summary>Tokens of one purpose that only gateways of this cluster make. Each is good for some time, and for a text that it does not show.</summary>
/// <param name="secret">The secret that all gateways share.</param>
/// <param name="purpose">What they are for; a token of another purpose is worth nothing.</param>
/// <param name="lifetime">How long each is good.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class SignedTokens(ClusterSecret secret, string purpose, TimeSpan lifetime, TimeProvider clock)
{
    private const int TimeBytes = 8;
    private const int HashBytes = 16;

    // While the cluster's secret is not known, tokens of this gateway are good at this gateway.
    private readonly byte[] ofThisRun = RandomNumberGenerator.GetBytes(32);
    private byte[]? shared;

    private byte[]? Shared => shared ??= secret.Derive(purpose);

    /// <summary>Makes one.</summary>
    public string Issue(string text)
    {
        var token = new byte[TimeBytes + HashBytes];
        BinaryPrimitives.WriteInt64BigEndian(token, (clock.GetUtcNow() + lifetime).UtcTicks);
        Sign(Shared ?? ofThisRun, token, text).CopyTo(token, TimeBytes);
        return WebEncoders.Base64UrlEncode(token);
    }

    /// <summary>Whether it was made here for one of these texts, and is still good.</summary>
    public bool IsValid(string? given, params ReadOnlySpan<string> texts)
    {
        var token = new byte[TimeBytes + HashBytes];
        if (given is not { Length: (TimeBytes + HashBytes) * 4 / 3 } || !Base64Url.TryDecodeFromChars(given, token, out var written)
            || written != token.Length)
        {
            return false;
        }

        var left = BinaryPrimitives.ReadInt64BigEndian(token) - clock.GetUtcNow().UtcTicks;
        var isGood = false;
        foreach (var text in texts)
        {
            isGood |= Fits(ofThisRun, text) | (Shared is { } known && Fits(known, text));
        }

        return isGood && left > 0 && left <= lifetime.Ticks;

        bool Fits(byte[] key, string text) => CryptographicOperations.FixedTimeEquals(Sign(key, token, text), token.AsSpan(TimeBytes));
    }

    private static byte[] Sign(byte[] key, byte[] token, string text) =>
        HMACSHA256.HashData(key, (byte[])[.. token.AsSpan(0, TimeBytes), .. Encoding.UTF8.GetBytes(text)])[..HashBytes];
}
