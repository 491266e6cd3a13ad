using System.Diagnostics.CodeAnalysis;
using Counter.Counting.Pages;
using Counter.Counting.Polls;
using Counter.Gateway.Documents;
using Counter.Gateway.Frames;
using Counter.Gateway.Polls.Pictures;
using Counter.Gateway.Sites;
using Counter.Gateway.Streaming;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Polls;

/// <summary>The poll and the style that a request asks for.</summary>
/// <param name="Id">The id of the poll's document.</param>
/// <param name="Online">The page of the poll, and whether the request counts as a viewer of it.</param>
/// <param name="Poll">The stored poll, or a new one without votes.</param>
/// <param name="Exists">Whether the poll is stored.</param>
/// <param name="Style">The style of the picture.</param>
internal sealed record PollRequest(string Id, OnlineRequest Online, Poll Poll, bool Exists, PollStyle Style)
{
    /// <summary>The page of the poll.</summary>
    public PageKey Page => Online.Page;
}

/// <summary>Finds the poll of a request.</summary>
internal sealed class PollRequests(
    OnlineRequests pages, DocumentCache<Poll> documents, IOptions<SitesOptions> sites, TimeProvider clock)
{
    /// <summary>
    /// Finds the poll of a request. A registered poll of the page has its name for everybody. Otherwise the address defines the poll, and each
    /// definition is a poll of its own. Installations that count only registered sites have only registered polls.
    /// </summary>
    public bool TryRead(
        HttpRequest request, string name, PollForm form, ImageFormat format, [NotNullWhen(true)] out PollRequest? poll, [NotNullWhen(false)] out Refusal? refusal)
    {
        poll = null;
        if (!PollValidator.IsName(name))
        {
            refusal = Refusal.BadParameter("name", PollValidator.NameAllowed);
            return false;
        }

        if (!pages.TryRead(request, out var online, out refusal))
        {
            return false;
        }

        var errors = new Dictionary<string, string[]>();
        var style = PollStyle.Read(request.Query, form, format, online.Site.Look, errors);
        if (!TryFind(online.Page, name, request.Query, form, errors, out var id, out var found, out var exists))
        {
            refusal = errors.Count > 0 ? Refusal.BadParameters(errors) : sites.Value.Mode == SitesOptions.Registered
                ? Refusal.NotHere($"Counter: there is no poll {name} on this page. Holders of a key of the site can add it.")
                : Refusal.BadParameter("options", "List the answers: options=Yes,No");
            return false;
        }

        var size = PollFrames.SizeOf(new PollView(found.Definition, found.Votes, false, true), style);
        if (errors.Count == 0 && !new FrameSize(size.Width * style.Scale, size.Height * style.Scale).Fits)
        {
            errors["scale"] = [$"The picture would be {size.Width * style.Scale} x {size.Height * style.Scale} pixels. Choose a smaller scale or size, or shorter answers."];
        }

        refusal = errors.Count > 0 ? Refusal.BadParameters(errors) : null;
        poll = new PollRequest(id, online, found, exists, style);
        return refusal is null;
    }

    private bool TryFind(
        PageKey page, string name, IQueryCollection query, PollForm form, Dictionary<string, string[]> errors,
        out string id, [NotNullWhen(true)] out Poll? poll, out bool exists)
    {
        id = PollDefinition.Id(page.Site, page.Path, name, asked: null);
        exists = true;
        if ((poll = documents.Entries.GetValueOrDefault(id)?.Value) is not null)
        {
            return true;
        }

        exists = false;
        if (sites.Value.Mode == SitesOptions.Registered || PollQuery.Read(query, form, errors) is not { } asked)
        {
            return false;
        }

        id = PollDefinition.Id(page.Site, page.Path, name, asked);
        poll = documents.Entries.GetValueOrDefault(id)?.Value;
        exists = poll is not null;
        poll ??= Poll.Begin(page.Path, name, asked, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        return true;
    }
}
