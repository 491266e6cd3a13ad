using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Counter.Gateway.Admin.Keys;

/// <summary>
/// A key: <c>counter_id_secret</c>. The id finds the record. The secret has 256 random bits, so nobody can guess it and a fast hash is
/// enough, unlike for a password.
/// </summary>
/// <param name="Id">The public part: 12 hexadecimal digits.</param>
/// <param name="Secret">The secret part. Only the holder has it.</param>
internal readonly record struct ApiKey(string Id, string Secret)
{
    private const string Prefix = "counter_";
    private const int IdBytes = 6;
    private const int SecretBytes = 32;
    private const int LongestText = 100;

    /// <summary>Creates a key.</summary>
    public static ApiKey Make() => new(
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)),
        WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(SecretBytes)));

    /// <summary>Parses a key; false when the text is not a key.</summary>
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

    /// <summary>Returns the hash of a secret, which is what is stored.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Compares in constant time: the time must not reveal how much of the secret is right.</summary>
    public static bool Matches(string secret, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(secret)), Encoding.ASCII.GetBytes(hash));

    /// <summary>Returns the whole key. Its holder gets it once.</summary>
    public override string ToString() => $"{Prefix}{Id}_{Secret}";
}
