using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace Counter.Gateway.Play;

/// <summary>The names of tables, and the tickets of their players.</summary>
internal static partial class TableName
{
    // Without letters and digits that sound or look like others.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int Length = 12;
    private const int TicketBytes = 16;

    /// <summary>A name that nobody can guess.</summary>
    public static string New() => RandomNumberGenerator.GetString(Letters, Length);

    /// <summary>Whether a text has the form of a table's name.</summary>
    public static bool IsValid(string name) => Valid().IsMatch(name);

    /// <summary>A secret for a new player.</summary>
    public static string NewTicket() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(TicketBytes));

    /// <summary>The text when it has the form of a ticket; null otherwise.</summary>
    public static string? TicketOf(string? text) => text is { Length: (TicketBytes * 8 + 5) / 6 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? text : null;

    // \z and not $, which would allow a line feed at the end.
    [GeneratedRegex(@"\A[a-hjkmnp-z2-9]{12}\z")]
    private static partial Regex Valid();
}
