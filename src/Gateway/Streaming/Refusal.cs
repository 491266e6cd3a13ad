using Counter.Gateway.Frames;
using Counter.Gateway.Html;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Streaming;

/// <summary>Why a request gets no number, in words for the person who embeds the picture.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Sentence">The problem and its remedy, short enough for a picture.</param>
/// <param name="Errors">The allowed values of each wrong parameter.</param>
internal sealed record Refusal(int Status, string Sentence, IDictionary<string, string[]> Errors)
{
    /// <summary>The parameters that are 1 or 0.</summary>
    private static readonly string[] Flags = ["live", "watch", "explain", "stale", "words", "all"];

    /// <summary>A refusal without a wrong parameter.</summary>
    public static Refusal Of(int status, string sentence) => new(status, sentence, new Dictionary<string, string[]>());

    /// <summary>The request has no page: no <c>Referer</c> and no <c>?site=</c>.</summary>
    public static Refusal NoPage { get; } = Of(
        StatusCodes.Status403Forbidden, "Counter: no page. Embed this with <img>, or add ?site=example.com&page=/path");

    /// <summary>A limit is reached, and the response has no still form.</summary>
    public static Refusal Full { get; } = Of(
        StatusCodes.Status503ServiceUnavailable, "There is no room for another stream from here. Close one, or read /online.json instead.");

    /// <summary>An address opens new pages too fast.</summary>
    public static Refusal TooManyNewPages { get; } = Of(
        StatusCodes.Status429TooManyRequests, "Too many new pages were opened from this address within a minute. Wait, or read /online.json instead.");

    /// <summary>The picture is in no cache, and the drawing queue is full.</summary>
    public static Refusal Busy { get; } = Of(
        StatusCodes.Status503ServiceUnavailable, "Counter: too many new pictures are requested at present. Try again in a moment.");

    /// <summary>The address is for WebSockets only.</summary>
    public static Refusal NotASocket { get; } = Of(
        StatusCodes.Status426UpgradeRequired, "This address is for WebSockets. For server-sent events use /online/events, for the current number /online.json.");

    /// <summary>Only sites with settings are counted, and this site has none.</summary>
    public static Refusal NotRegistered(string site) => Of(
        StatusCodes.Status403Forbidden, $"Counter: {site} is not registered here. Its operator can add it.");

    /// <summary>The settings of the site turn counting off.</summary>
    public static Refusal NotCounted(string site) => Of(
        StatusCodes.Status403Forbidden, $"Counter: {site} is not counted at present.");

    /// <summary>Nothing has the requested name.</summary>
    public static Refusal NotHere(string sentence) => Of(StatusCodes.Status404NotFound, sentence);

    /// <summary>One parameter is wrong.</summary>
    public static Refusal BadParameter(string name, string allowed) =>
        BadParameters(new Dictionary<string, string[]> { [name] = [allowed] });

    /// <summary>Parameters are wrong.</summary>
    public static Refusal BadParameters(IDictionary<string, string[]> errors)
    {
        var (name, allowed) = errors.First();
        return new Refusal(StatusCodes.Status400BadRequest, name + ": " + allowed[0], errors);
    }

    /// <summary>The refusal of a flag parameter that is not 1 or 0. Null when all are valid.</summary>
    public static Refusal? OfFlags(IQueryCollection query)
    {
        foreach (var name in Flags)
        {
            if (query[name] is [.., { Length: > 0 } value] && value is not ("0" or "1"))
            {
                return BadParameter(name, "1 or 0.");
            }
        }

        return null;
    }

    /// <summary>Sends the sentence: as a picture where the client expects one, otherwise as problem details (RFC 9457).</summary>
    public async Task SendAsync(HttpContext context, FrameCache frames, ImageFormat? format)
    {
        // A forum that checks whether an address is a picture sends no Referer. Its readers do.
        var isLookedAt = this == NoPage && context.Request.Query.ContainsKey("page") && BotDetector.IsNobodys(context.Request);
        if (format is not { } image || !(isLookedAt || Client.WantsImage(context.Request)))
        {
            await SendProblemAsync(context);
            return;
        }

        // Some sentences repeat words of the request, so there is no bound on how many exist.
        var notice = frames.FindNotice(image, Sentence)
            ?? await context.RequestServices.GetRequiredService<DrawingQueue>().DrawAsync(context, () => frames.Notice(image, Sentence));
        if (notice is not null)
        {
            context.Response.StatusCode = isLookedAt ? StatusCodes.Status200OK : Status;
            await LiveImageHandler.SendStillAsync(context, notice);
        }
    }

    /// <summary>Sends the sentence as problem details, or as a page where a person opened the address.</summary>
    public Task SendProblemAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.Headers.CacheControl = "no-store";
        if (Client.WantsPage(context.Request) && context.RequestServices.GetService<PageRenderer>() is { } pages)
        {
            return pages.SendAsync<ProblemPage>(
                context, ProblemPage.Policy with { Caching = "no-store" }, new Dictionary<string, object?> { [nameof(ProblemPage.Sentence)] = Sentence });
        }

        return Errors.Count > 0
            ? Results.ValidationProblem(Errors, detail: Sentence, statusCode: Status).ExecuteAsync(context)
            : Results.Problem(Sentence, statusCode: Status).ExecuteAsync(context);
    }
}
