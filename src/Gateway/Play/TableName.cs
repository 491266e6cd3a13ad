using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace Counter.Gateway.Play;

/// <summary>What tables are called, and the tickets of those who sit there.</summary>
internal static partial class TableName
{
    // Without what is mistaken for something else when it is read out.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int Length = 12;
    private const int TicketBytes = 16;

    /// <summary>A name that nobody can guess.</summary>
    public static string New() => RandomNumberGenerator.GetString(Letters, Length);

    /// <summary>Whether a table may be called so.</summary>
    public static bool IsValid(string name) => Valid().IsMatch(name);

    /// <summary>A secret for whoever sits down.</summary>
    public static string NewTicket() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(TicketBytes));

    /// <summary>What may be a ticket; null for anything else.</summary>
    public static string? TicketOf(string? text) => text is { Length: (TicketBytes * 8 + 5) / 6 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? text : null;

    // \z and not $, which would let a line feed pass at the end.
    [GeneratedRegex(@"\A[a-hjkmnp-z2-9]{12}\z")]
    private static partial Regex Valid();
}
