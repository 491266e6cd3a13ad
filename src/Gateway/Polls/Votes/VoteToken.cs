using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Counter.Gateway.Cluster;
using Microsoft.AspNetCore.WebUtilities;

namespace Counter.Gateway.Polls.Votes;

/// <summary>
/// What shows that a vote comes from a page that this service made for this visitor and this poll: pages of others cannot read it, and for
/// anybody else, any other poll or after a day it is worth nothing.
/// </summary>
internal sealed class VoteToken(ClusterSecret secret, TimeProvider clock)
{
    /// <summary>How long a page may stay open before its buttons no longer work.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const string Purpose = "votes";
    private const int TimeBytes = 8;
    private const int HashBytes = 16;

    // While the cluster's secret is not known, pages of this gateway work at this gateway.
    private readonly byte[] ofThisRun = RandomNumberGenerator.GetBytes(32);
    private byte[]? shared;

    private byte[]? Shared => shared ??= secret.Derive(Purpose);

    /// <summary>Makes one.</summary>
    public string Issue(string poll, Voter voter)
    {
        var token = new byte[TimeBytes + HashBytes];
        BinaryPrimitives.WriteInt64BigEndian(token, (clock.GetUtcNow() + Lifetime).UtcTicks);
        Sign(Shared ?? ofThisRun, token, poll, voter.Today).CopyTo(token, TimeBytes);
        return WebEncoders.Base64UrlEncode(token);
    }

    /// <summary>Whether it was made for this visitor, today or yesterday, and this poll.</summary>
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
