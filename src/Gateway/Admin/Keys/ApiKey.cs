using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Counter.Gateway.Admin.Keys;

/// <summary>
/// A key: <c>counter_id_secret</c>. The id finds the record, the secret is 256 random bits. So that it need not be slow to check,
/// like a password: nobody can try that many.
/// </summary>
/// <param name="Id">The public part: 12 hexadecimal digits.</param>
/// <param name="Secret">The part that only its holder has.</param>
internal readonly record struct ApiKey(string Id, string Secret)
{
    private const string Prefix = "counter_";
    private const int IdBytes = 6;
    private const int SecretBytes = 32;
    private const int LongestText = 100;

    /// <summary>A new key.</summary>
    public static ApiKey Make() => new(
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)),
        WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(SecretBytes)));

    /// <summary>Takes a key apart; false when it is none.</summary>
    public static bool TryParse(string text, out ApiKey key)
    {
        key = default;
        var secretAt = Prefix.Length + 2 * IdBytes;
        if (text.Length > LongestText || text.Length <= secretAt + 1
            || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[secretAt] != '_')
        {
            return false;
        }

        key = new ApiKey(text[Prefix.Length..secretAt], text[(secretAt + 1)..]);
        return key.Id.All(char.IsAsciiHexDigitLower);
    }

    /// <summary>What is stored of a secret.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Compares in a time that does not tell how much of it is right.</summary>
    public static bool Matches(string secret, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(secret)), Encoding.ASCII.GetBytes(hash));

    /// <summary>The key as its holder gets it, once.</summary>
    public override string ToString() => $"{Prefix}{Id}_{Secret}";
}
