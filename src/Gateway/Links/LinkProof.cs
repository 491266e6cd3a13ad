using System.Security.Cryptography;
using System.Text;
using Counter.Gateway.Cluster;
using Microsoft.AspNetCore.WebUtilities;

namespace Counter.Gateway.Links;

/// <summary>How gateways know each other: both show that they have the cluster's secret, without sending it.</summary>
/// <remarks>
/// What one shows is good for one path of one run of one gateway. Elsewhere, or after that gateway was restarted, it is worth nothing;
/// but whoever overhears it can show it again there, and is answered, until then. It is no protection where the
/// network between gateways can be listened to: who listens reads the answers anyway, and can vote and play in the name of others.
/// So links belong into a private network, or <c>Cluster:Address</c> has to be https.
/// </remarks>
internal sealed class LinkProof(ClusterSecret secret, ThisGateway here)
{
    /// <summary>The header that carries what is shown.</summary>
    public const string Header = "Counter-Link";

    private const string Purpose = "links between gateways";
    private const int NonceBytes = 16;
    private const int LongestPart = 64;

    private byte[]? key;

    private byte[]? Key => key ??= secret.Derive(Purpose);

    /// <summary>What this gateway shows another when it asks for something, and what the other will show then.</summary>
    /// <returns>Null while the cluster's secret is not known.</returns>
    public (string Ask, string Answer)? Ask(string target, string path)
    {
        if (Key is not { } known)
        {
            return null;
        }

        var nonce = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(NonceBytes));
        return ($"{here.Id}.{nonce}.{Show(known, "ask", path, here.Id, target, nonce)}", Show(known, "answer", path, here.Id, target, nonce));
    }

    /// <summary>Whether a gateway of this cluster asks this gateway.</summary>
    /// <param name="shown">What it shows.</param>
    /// <param name="path">What it asks for.</param>
    /// <returns>Who it is and what to show it; null when it is not one of ours.</returns>
    public (string Caller, string Answer)? Verify(string shown, string path)
    {
        if (Key is not { } known || shown.Split('.') is not [{ Length: > 0 and <= LongestPart } caller, { Length: <= LongestPart } nonce, var proof]
            || !CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(Show(known, "ask", path, caller, here.Id, nonce)), Encoding.UTF8.GetBytes(proof)))
        {
            return null;
        }

        return (caller, Show(known, "answer", path, caller, here.Id, nonce));
    }

    private static string Show(byte[] key, string what, string path, string caller, string target, string nonce) =>
        WebEncoders.Base64UrlEncode(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Join('\n', what, path, caller, target, nonce))));
}
