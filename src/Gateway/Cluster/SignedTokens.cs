using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Counter.Gateway.Cluster;

/// <summary>Makes and checks signed tokens. A token is valid for a limited time and for one text, which it does not contain.</summary>
/// <param name="secret">The secret that all gateways share.</param>
/// <param name="purpose">The purpose. Tokens of another purpose are not valid.</param>
/// <param name="lifetime">How long a token is valid.</param>
/// <param name="clock">The clock.</param>
internal sealed class SignedTokens(ClusterSecret secret, string purpose, TimeSpan lifetime, TimeProvider clock)
{
    private const int TimeBytes = 8;
    private const int HashBytes = 16;

    // Signs tokens while the cluster's secret is not known. They are valid only at this gateway.
    private readonly byte[] ofThisRun = RandomNumberGenerator.GetBytes(32);
    private byte[]? shared;

    private byte[]? Shared => shared ??= secret.Derive(purpose);

    /// <summary>Makes a token for a text.</summary>
    public string Issue(string text)
    {
        var token = new byte[TimeBytes + HashBytes];
        BinaryPrimitives.WriteInt64BigEndian(token, (clock.GetUtcNow() + lifetime).UtcTicks);
        Sign(Shared ?? ofThisRun, token, text).CopyTo(token, TimeBytes);
        return WebEncoders.Base64UrlEncode(token);
    }

    /// <summary>Whether a token was made for one of these texts and has not expired.</summary>
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
