using Counter.Counting.Pages;

namespace Counter.Counting.Webhooks;

/// <summary>A webhook as it is stored: whom to tell that the viewers of a site, or of one page, rose or fell.</summary>
/// <param name="Url">Where messages go.</param>
/// <param name="Page">The path of the page; null for the whole site.</param>
/// <param name="Over">With so many viewers or more they have risen; 1 or more.</param>
/// <param name="Under">With so many or fewer, and fewer than <paramref name="Over"/>, they have fallen; 0 to <paramref name="Over"/>.</param>
/// <param name="Active">Whether anything is sent.</param>
/// <param name="Secret">What messages are signed with; only the store and, once, its maker have it.</param>
public sealed record Webhook(string Url, string? Page, int Over, int Under, bool Active, string Secret)
{
    /// <summary>How many a site may have.</summary>
    public const int MostOfSite = 10;

    /// <summary>The number that it is about.</summary>
    public CountKey Watches(string site) => Page is null ? CountKey.ForSite(site) : CountKey.ForPage(new PageKey(site, Page));

    /// <summary>Everything but the secret, for logs.</summary>
    public override string ToString() => $"{Page ?? "site"} over {Over} under {Under}";
}

/// <summary>Names a webhook.</summary>
/// <param name="Site">The site.</param>
/// <param name="Name">Its name there.</param>
public readonly record struct WebhookId(string Site, string Name)
{
    private const int LongestName = 40;

    /// <summary>What names may be.</summary>
    public const string AllowedNames = "1 to 40 of the characters a-z, 0-9 and -.";

    /// <summary>Whether something can be the name of a webhook.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Takes the id of a document apart.</summary>
    public static WebhookId Of(string document)
    {
        var slash = document.LastIndexOf('/');
        return new WebhookId(document[..slash], document[(slash + 1)..]);
    }

    /// <summary>The id of its documents.</summary>
    public override string ToString() => $"{Site}/{Name}";
}
