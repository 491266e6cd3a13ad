using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Counter.Gateway.Cluster;
using Microsoft.AspNetCore.WebUtilities;

namespace Counter.Gateway.Polls.Votes;

/// <summary>
/// Proves that a vote comes from a page that this service made for this visitor and this poll. Pages of other sites cannot read the token.
/// It is invalid for other visitors, for other polls and after a day.
/// </summary>
internal sealed class VoteToken(ClusterSecret secret, TimeProvider clock)
{
    /// <summary>How long a page may stay open before its buttons no longer work.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const string Purpose = "votes";
    private const int TimeBytes = 8;
    private const int HashBytes = 16;

    // Signs tokens while the cluster's secret is not known. They are valid only at this gateway.
    private readonly byte[] ofThisRun = RandomNumberGenerator.GetBytes(32);
    private byte[]? shared;

    private byte[]? Shared => shared ??= secret.Derive(Purpose);

    /// <summary>Makes a token.</summary>
    public string Issue(string poll, Voter voter)
    {
        var token = new byte[TimeBytes + HashBytes];
        BinaryPrimitives.WriteInt64BigEndian(token, (clock.GetUtcNow() + Lifetime).UtcTicks);
        Sign(Shared ?? ofThisRun, token, poll, voter.Today).CopyTo(token, TimeBytes);
        return WebEncoders.Base64UrlEncode(token);
    }

    /// <summary>Whether a token was made for this poll and this visitor, today or yesterday.</summary>
    public bool IsValid(string? text, string poll, Voter voter)
    {
        var token = new byte[TimeBytes + HashBytes];
        if (text is not { Length: (TimeBytes + HashBytes) * 4 / 3 } || !System.Buffers.Text.Base64Url.TryDecodeFromChars(text, token, out var written)
            || written != token.Length)
        {
            return false;
        }

        var left = BinaryPrimitives.ReadInt64BigEndian(token) - clock.GetUtcNow().UtcTicks;
        var isGood = false;
        foreach (var key in Shared is { } known ? new[] { known, ofThisRun } : [ofThisRun])
        {
            isGood |= Fits(key, voter.Today) | Fits(key, voter.Yesterday);
        }

        return isGood && left > 0 && left <= Lifetime.Ticks;

        bool Fits(byte[] key, ulong who) => CryptographicOperations.FixedTimeEquals(Sign(key, token, poll, who), token.AsSpan(TimeBytes));
    }

    private static byte[] Sign(byte[] key, byte[] token, string poll, ulong voter)
    {
        var text = Encoding.UTF8.GetBytes(poll);
        var signed = new byte[TimeBytes + sizeof(ulong) + text.Length];
        token.AsSpan(0, TimeBytes).CopyTo(signed);
        BinaryPrimitives.WriteUInt64BigEndian(signed.AsSpan(TimeBytes), voter);
        text.CopyTo(signed, TimeBytes + sizeof(ulong));
        return HMACSHA256.HashData(key, signed)[..HashBytes];
    }
}
