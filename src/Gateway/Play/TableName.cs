using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace Counter.Gateway.Play;

/// <summary>What tables are called, and the tickets of those who sit there.</summary>
internal static partial class TableName
{
    // Without what is mistaken for something else when it is read out.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int Length = 10;
    private const int GatewayLength = 8;
    private const int TicketBytes = 16;

    /// <summary>A name that nobody can guess and that tells at which gateway the table is.</summary>
    public static string New(string gateway) => RandomNumberGenerator.GetString(Letters, Length) + "-" + gateway[..GatewayLength];

    /// <summary>Whether a table may be called so.</summary>
    public static bool IsValid(string name) => Valid().IsMatch(name);

    /// <summary>Whether a table of this name is at this gateway.</summary>
    /// <param name="name">A valid name.</param>
    /// <param name="gateway">The gateway's name in the cluster.</param>
    public static bool IsAt(string name, string gateway) => gateway.StartsWith(name[(Length + 1)..], StringComparison.Ordinal);

    /// <summary>A secret for whoever sits down.</summary>
    public static string NewTicket() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(TicketBytes));

    /// <summary>What may be a ticket; null for anything else.</summary>
    public static string? TicketOf(string? text) => text is { Length: (TicketBytes * 8 + 5) / 6 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? text : null;

    // \z and not $, which would let a line feed pass at the end.
    [GeneratedRegex(@"\A[a-km-np-z2-9]{10}-[0-9a-f]{8}\z")]
    private static partial Regex Valid();
}
