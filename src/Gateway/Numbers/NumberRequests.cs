using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Counter.Counting.Pages;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Numbers;

/// <summary>Reads the page of a request for numbers, or its pages.</summary>
internal sealed class NumberRequests(OnlineRequests requests)
{
    private static readonly string Allowed = string.Create(CultureInfo.InvariantCulture, $"1 to {PageList.Most} pages of one site, each a path such as /blog/first-post.");

    /// <summary>A request with several <c>?page=</c>, or with <c>?at=</c>, is for a list of pages. Its client counts on the page <c>at</c> only.</summary>
    /// <param name="request">The request.</param>
    /// <param name="online">The page. For a list, the page of its client, or the first one, uncounted.</param>
    /// <param name="list">The list. Null for one page.</param>
    /// <param name="refusal">Why there is no page.</param>
    public bool TryRead(
        HttpRequest request, [NotNullWhen(true)] out OnlineRequest? online, out PageList? list, [NotNullWhen(false)] out Refusal? refusal)
    {
        list = null;
        return request.Query["page"].Count > 1 || request.Query.ContainsKey("at")
            ? TryReadList(request, out online, out list, out refusal)
            : requests.TryRead(request, out online, out refusal);
    }

    private bool TryReadList(
        HttpRequest request, [NotNullWhen(true)] out OnlineRequest? online, [NotNullWhen(true)] out PageList? list, [NotNullWhen(false)] out Refusal? refusal)
    {
        (online, list, refusal) = (null, null, null);
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var places = new Dictionary<PageKey, int>();
        OnlineRequest? first = null;
        foreach (var name in request.Query["page"].Distinct())
        {
            if (string.IsNullOrEmpty(name))
            {
                refusal = Refusal.BadParameter("page", Allowed);
                return false;
            }

            if (!requests.TryRead(request, name, out var one, out refusal))
            {
                return false;
            }

            first ??= one;
            if (one.Page.Site != first.Page.Site || (places.TryAdd(one.Page, places.Count) && places.Count > PageList.Most))
            {
                refusal = Refusal.BadParameter("page", Allowed);
                return false;
            }

            names.Add(name, places[one.Page]);
        }

        refusal = first is null ? Refusal.BadParameter("page", Allowed)
            : first.Shows.Of != CountOf.Page ? Refusal.BadParameter("count", "page, where there are several pages.")
            : TryReadAt(request, first, places, out online) ? null
            : Refusal.BadParameter("at", "One of the pages that page names.");
        if (refusal is not null)
        {
            return false;
        }

        list = new PageList([.. places.OrderBy(page => page.Value).Select(page => CountKey.ForPage(page.Key))], names);
        return online is not null;
    }

    private bool TryReadAt(HttpRequest request, OnlineRequest first, Dictionary<PageKey, int> places, [NotNullWhen(true)] out OnlineRequest? online)
    {
        if (request.Query["at"] is [.., { Length: > 0 } at])
        {
            return requests.TryRead(request, at, out online, out _) && places.ContainsKey(online.Page);
        }

        online = first with { Counts = false };
        return true;
    }
}
