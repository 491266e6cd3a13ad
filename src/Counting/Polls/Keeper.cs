using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Counter.Counting.Polls;

/// <summary>
/// Which gateway knows who voted in a poll: all that hear each other agree on it without a word, and when one comes or goes only its own polls
/// move (rendezvous hashing).
/// </summary>
public static class Keeper
{
    /// <summary>The gateway of a poll.</summary>
    /// <param name="poll">The poll.</param>
    /// <param name="gateways">All gateways; at least one.</param>
    public static string Of(string poll, IEnumerable<string> gateways) => gateways.MaxBy(gateway => (Weight(poll, gateway), gateway))!;

    private static ulong Weight(string poll, string gateway) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(gateway + '\n' + poll)));
}
