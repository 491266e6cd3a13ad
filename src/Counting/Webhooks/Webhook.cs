using Counter.Counting.Pages;

namespace Counter.Counting.Webhooks;

/// <summary>A stored webhook. It sends a message when the viewers of a site, or of one page, rise or fall past a threshold.</summary>
/// <param name="Url">The address of the receiver.</param>
/// <param name="Page">The path of the page; null for the whole site.</param>
/// <param name="Over">The viewers have risen at this number or more; 1 or more.</param>
/// <param name="Under">The viewers have fallen at this number or fewer, if fewer than <paramref name="Over"/>; 0 to <paramref name="Over"/>.</param>
/// <param name="Active">Whether messages are sent.</param>
/// <param name="Secret">The key that signs messages. Only the store has it, and its creator gets it once.</param>
public sealed record Webhook(string Url, string? Page, int Over, int Under, bool Active, string Secret)
{
    /// <summary>The most webhooks of a site.</summary>
    public const int MostOfSite = 10;

    /// <summary>The number that it watches.</summary>
    public CountKey Watches(string site) => Page is null ? CountKey.ForSite(site) : CountKey.ForPage(new PageKey(site, Page));

    /// <summary>The page and thresholds without the secret, for logs.</summary>
    public override string ToString() => $"{Page ?? "site"} over {Over} under {Under}";
}

/// <summary>Identifies a webhook.</summary>
/// <param name="Site">The site.</param>
/// <param name="Name">Its name there.</param>
public readonly record struct WebhookId(string Site, string Name)
{
    private const int LongestName = 40;

    /// <summary>The rule for names, for people.</summary>
    public const string AllowedNames = "1 to 40 of the characters a-z, 0-9 and -.";

    /// <summary>Whether a text is a valid name of a webhook.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Parses the id of a document.</summary>
    public static WebhookId Of(string document)
    {
        var slash = document.LastIndexOf('/');
        return new WebhookId(document[..slash], document[(slash + 1)..]);
    }

    /// <summary>The id of its documents.</summary>
    public override string ToString() => $"{Site}/{Name}";
}
