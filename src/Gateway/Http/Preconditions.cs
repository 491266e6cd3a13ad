using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Counter.Gateway.Http;

/// <summary>
/// Entity tags of settings, so that two people cannot overwrite each other unknowingly: whoever changes what is there says which
/// version the change is meant for (RFC 9110, 13.1).
/// </summary>
internal static class Preconditions
{
    /// <summary>Says which version an answer has; nothing where there are no settings yet.</summary>
    public static void Tag(HttpContext context, long version)
    {
        if (version > 0)
        {
            context.Response.Headers.ETag = TagOf(version);
        }
    }

    /// <summary>Reads which version a change is meant for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="version">The version there is; 0 when there is none.</param>
    /// <returns>Why the change may not be made; null when it may.</returns>
    public static IResult? Refuse(HttpRequest request, long version)
    {
        var headers = request.GetTypedHeaders();
        if (headers.IfNoneMatch is [{ } none] && none.Equals(EntityTagHeaderValue.Any))
        {
            return version == 0 ? null : Changed("It is there already.");
        }

        if (headers.IfMatch is { Count: > 0 } tags)
        {
            return version == 0 ? Changed("It is not there.")
                : tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || (!tag.IsWeak && tag.Tag == TagOf(version))) ? null
                : Changed("Somebody changed it meanwhile.");
        }

        return version == 0 ? null : Results.Problem(
            "It is there already. Read it, and send its ETag as If-Match; or If-Match: * to overwrite whatever is there.",
            statusCode: StatusCodes.Status428PreconditionRequired);
    }

    /// <summary>The same for a change that need not say which version it is meant for, but may.</summary>
    public static IResult? RefuseIfAsked(HttpRequest request, long version) =>
        request.Headers.IfMatch.Count > 0 ? Refuse(request, version) : null;

    /// <summary>The change came too late.</summary>
    public static IResult Changed(string why) => Results.Problem(
        why + " Read it again, and send its ETag as If-Match.", statusCode: StatusCodes.Status412PreconditionFailed);

    private static string TagOf(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
