using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Counter.Counting.Cluster;
using Counter.Gateway.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Counter.Gateway.Admin;

/// <summary>One part of a list.</summary>
/// <param name="Items">The items.</param>
/// <param name="Next">The <c>cursor</c> of the next part; null at the end.</param>
internal sealed record Part<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>The query parameters of lists of sites and pages.</summary>
internal sealed class ListParameters
{
    /// <summary>The most items of one answer.</summary>
    public const int Most = 200;

    /// <summary>The default number of items of an answer.</summary>
    public const int Usual = 50;

    private const int LongestText = 500;

    /// <summary><c>viewers</c> (the default), <c>peak</c> or <c>arrivals</c>, from high to low; or <c>name</c>.</summary>
    [FromQuery]
    public string? Sort { get; init; }

    /// <summary>Only items whose name contains this text, in upper or lower case.</summary>
    [FromQuery]
    public string? Contains { get; init; }

    /// <summary>The <c>next</c> of the part before.</summary>
    [FromQuery]
    public string? Cursor { get; init; }

    /// <summary>The most items: 1 to 200, by default 50.</summary>
    [FromQuery]
    public string? Limit { get; init; }

    /// <summary>Parses the parameters.</summary>
    public bool TryRead([NotNullWhen(true)] out CountQuery? query, [NotNullWhen(false)] out IResult? problem)
    {
        query = null;
        problem = null;
        var errors = new Dictionary<string, string[]>();
        CountOrder? order = Sort switch
        {
            null or "" or "viewers" => CountOrder.Viewers,
            "peak" => CountOrder.Peak,
            "arrivals" => CountOrder.Arrivals,
            "name" => CountOrder.Name,
            _ => null,
        };
        if (order is null)
        {
            errors["sort"] = ["viewers, peak, arrivals or name."];
        }

        if (Contains?.Length > LongestText)
        {
            errors["contains"] = ["At most 500 characters."];
        }

        if (!TryPlace(Cursor, out var after))
        {
            errors["cursor"] = ["The value of next in an earlier answer."];
        }

        if (!TryLimit(Limit, out var most))
        {
            errors["limit"] = ["A whole number from 1 to 200."];
        }

        if (errors.Count > 0)
        {
            problem = Problems.Invalid(errors);
            return false;
        }

        query = new CountQuery(order!.Value, Contains ?? "", after, most);
        return true;
    }

    /// <summary>Parses the number of items.</summary>
    public static bool TryLimit(string? text, out int most)
    {
        most = Usual;
        return string.IsNullOrEmpty(text)
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most is >= 1 and <= Most);
    }

    /// <summary>Returns the cursor of the next part; null when there are no more items.</summary>
    public static string? Next(IReadOnlyList<CountStatus> items, CountQuery query)
    {
        if (items.Count < query.Most)
        {
            return null;
        }

        var last = CountCursor.Of(items[^1], query.Order);
        return WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.Value} {last.Name}")));
    }

    private static bool TryPlace(string? cursor, out CountCursor? place)
    {
        place = null;
        if (string.IsNullOrEmpty(cursor))
        {
            return true;
        }

        try
        {
            var text = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(cursor));
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            if (space < 1 || !long.TryParse(text[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return false;
            }

            place = new CountCursor(value, text[(space + 1)..]);
            return !place.Value.Name.Any(char.IsControl);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
