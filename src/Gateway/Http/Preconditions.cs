using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Counter.Gateway.Http;

/// <summary>
/// Entity tags of settings. They keep two people from overwriting each other's changes: a change names the version that it applies to (RFC 9110,
/// 13.1).
/// </summary>
internal static class Preconditions
{
    /// <summary>Sets the version of a response. Sets nothing where there are no settings yet.</summary>
    public static void Tag(HttpContext context, long version)
    {
        if (version > 0)
        {
            context.Response.Headers.ETag = TagOf(version);
        }
    }

    /// <summary>Checks the version of a change.</summary>
    /// <param name="request">The request.</param>
    /// <param name="version">The current version. 0 when there is none.</param>
    /// <returns>The refusal of the change. Null when it is allowed.</returns>
    public static IResult? Refuse(HttpRequest request, long version)
    {
        var headers = request.GetTypedHeaders();
        if (headers.IfNoneMatch is [{ } none] && none.Equals(EntityTagHeaderValue.Any))
        {
            return version == 0 ? null : Changed("It exists already.");
        }

        if (headers.IfMatch is { Count: > 0 } tags)
        {
            return version == 0 ? Failed("It does not exist, so no If-Match fits. Leave If-Match out.")
                : tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || (!tag.IsWeak && tag.Tag == TagOf(version))) ? null
                : Changed();
        }

        return version == 0 ? null : Results.Problem(
            "It exists already. Read it, and send its ETag as If-Match; or send If-Match: * to overwrite any version.",
            statusCode: StatusCodes.Status428PreconditionRequired);
    }

    /// <summary>The same for a change whose version is optional.</summary>
    public static IResult? RefuseIfAsked(HttpRequest request, long version) =>
        request.Headers.IfMatch.Count > 0 ? Refuse(request, version) : null;

    /// <summary>The refusal of a change whose version is not the current one.</summary>
    /// <param name="why">What is wrong, as a sentence.</param>
    public static IResult Changed(string why = "Somebody else changed it after you read it.") => Failed(why + " Read it again, and send its ETag as If-Match.");

    private static IResult Failed(string sentence) => Results.Problem(sentence, statusCode: StatusCodes.Status412PreconditionFailed);

    private static string TagOf(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
