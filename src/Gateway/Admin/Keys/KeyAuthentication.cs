using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Counter.Gateway.Documents;
using Counter.Gateway.Operations;
using Counter.Gateway.Visitors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Counter.Gateway.Admin.Keys;

/// <summary>
/// Authenticates requests by key: <c>Authorization: Bearer …</c>, or the key as the password of <c>Basic</c>, since many cameras and
/// programs can send nothing else. Answers with a sentence when the key is missing, wrong or for something else.
/// </summary>
internal sealed class KeyAuthentication(
    KeyStore keys, FailedKeyLimit wrong, CounterMetrics metrics, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "Key";

    /// <summary>The sentence for a key whose role or site does not fit the request.</summary>
    public const string NotForThis = "This key is valid, but not for this request: it is for another site or channel, or may only read.";

    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    private bool lockedOut;
    private bool expired;

    /// <summary>Whether the client may be a publisher that sends its password only after a challenge, as GStreamer's sinks do.</summary>
    private bool TakesPassword => Request.Path.StartsWithSegments("/relay", StringComparison.OrdinalIgnoreCase) && !Client.IsBrowser(Request);

    /// <summary>Makes the principal of a key holder.</summary>
    public static ClaimsPrincipal Principal(KeyHolder holder, string scheme) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, holder.Id),
            new Claim(ClaimTypes.Name, holder.Name),
            new Claim(ClaimTypes.Role, holder.Role.ToString()),
            new Claim(ClaimTypes.System, holder.Scope),
        ],
        scheme));

    /// <summary>Returns the key holder of a request.</summary>
    /// <exception cref="InvalidOperationException">The request is not authenticated.</exception>
    public static KeyHolder Holder(ClaimsPrincipal user) =>
        user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id && Enum.TryParse<KeyRole>(user.FindFirstValue(ClaimTypes.Role), out var role)
            ? new KeyHolder(id, user.FindFirstValue(ClaimTypes.Name)!, role, user.FindFirstValue(ClaimTypes.System)!)
            : throw new InvalidOperationException("The request has no key holder: the endpoint requires no key.");

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header] || KeyOf(header) is not { } key)
        {
            return AuthenticateResult.NoResult();
        }

        if (lockedOut = wrong.IsLockedOut(Context))
        {
            return AuthenticateResult.Fail("Too many wrong keys.");
        }

        (var holder, expired) = await keys.VerifyAsync(key, Context.RequestAborted);
        if (expired)
        {
            // The secret is right, so this is no guess.
            return AuthenticateResult.Fail("The key has expired.");
        }

        if (holder is null)
        {
            wrong.Record(Context);
            return AuthenticateResult.Fail("The key is wrong.");
        }

        return AuthenticateResult.Success(new AuthenticationTicket(Principal(holder, Scheme.Name), Scheme.Name));
    }

    private static string? KeyOf(string header)
    {
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return header[Bearer.Length..].Trim();
        }

        // No browser sends <c>Basic</c> by itself, since browsers get no challenge for it.
        var given = new byte[header.Length];
        return header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) && Convert.TryFromBase64String(header[Basic.Length..].Trim(), given, out var length)
            && Encoding.UTF8.GetString(given, 0, length) is var both && both.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
            ? both[(colon + 1)..]
            : null;
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!Response.HasStarted)
        {
            Response.Headers.WWWAuthenticate = TakesPassword ? new StringValues(["Bearer", "Basic realm=\"Counter\""]) : "Bearer";
        }

        if (lockedOut && !Response.HasStarted)
        {
            metrics.RequestRefused("keys");
            Response.Headers.RetryAfter = "60";
            await RefuseAsync(StatusCodes.Status429TooManyRequests, "Too many wrong keys came from your address. Wait a minute and try again with the right one.");
            return;
        }

        await RefuseAsync(StatusCodes.Status401Unauthorized, expired ? "This key has expired. Create another one, or ask the operator for one."
            : Request.Headers.Authorization.Count > 0
            ? "This key is unknown. It was mistyped or revoked."
            : "Send a key: Authorization: Bearer counter_…");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        RefuseAsync(StatusCodes.Status403Forbidden, NotForThis);

    private Task RefuseAsync(int status, string sentence)
    {
        if (Response.HasStarted)
        {
            // Where a session is accepted too, its handler has answered already.
            return Task.CompletedTask;
        }

        Response.Headers.CacheControl = "no-store";
        return Results.Problem(sentence, statusCode: status).ExecuteAsync(Context);
    }
}
