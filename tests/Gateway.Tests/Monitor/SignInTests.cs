using System.Net;
using System.Security.Claims;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Monitor;
using Counter.Gateway.Sessions;
using Counter.Gateway.Tests.Support;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Counter.Gateway.Tests.Monitor;

/// <summary>Sign-in to the monitor.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private const string Inside = "/monitor/session";

    private RunningGateway gateway = null!;
    private Operator person = null!;

    public async ValueTask InitializeAsync()
    {
        gateway = await RunningGateway.StartAsync();
        person = new Operator(gateway);
    }

    public async ValueTask DisposeAsync()
    {
        person.Dispose();
        await gateway.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_session_there_is_only_the_form()
    {
        using var answer = await person.GetAsync("/monitor");
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("<form method=\"post\" action=\"/sign-in\">", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        foreach (var path in new[] { Inside, "/monitor/ws", "/monitor/chart/sheet.svg", "/monitor/chart/cpu.png", "/monitor/chart/none.gif" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await person.StatusAsync(path));
        }
    }

    [Fact]
    public async Task A_valid_key_sets_a_cookie_that_scripts_and_other_sites_cannot_use()
    {
        using var answer = await person.TryAsync(RunningGateway.OperatorKey);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("/monitor", answer.Headers.Location?.ToString());
        var cookie = Operator.SetCookie(answer)!;
        Assert.Equal(["path=/", "samesite=strict", "httponly"], cookie.Split("; ")[1..]);
        person.Cookie = cookie.Split(';')[0];
        Assert.Equal(HttpStatusCode.NoContent, await person.StatusAsync(Inside));

        // It names the key and does not have it.
        var options = gateway.App.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(SessionCookie.SchemeName);
        var ticket = options.TicketDataFormat.Unprotect(person.Cookie[(SessionCookie.Name.Length + 1)..])!;
        Assert.StartsWith("configuration-", ticket.Principal.FindFirstValue(ClaimTypes.NameIdentifier), StringComparison.Ordinal);
        Assert.DoesNotContain(ticket.Principal.Claims, c => c.Value.Contains(RunningGateway.OperatorKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Over_HTTPS_the_cookie_is_secure()
    {
        using var certificate = new Certificate();
        await using var secure = await RunningGateway.StartAsync(certificate.Settings);
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using var http = new HttpClient(handler) { BaseAddress = secure.Address };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["key"] = RunningGateway.OperatorKey });
        using var answer = await http.PostAsync(new Uri("/sign-in", UriKind.Relative), form, TestContext.Current.CancellationToken);
        Assert.Contains("; secure;", Operator.SetCookie(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_shows_the_form_again_with_the_problem()
    {
        foreach (var key in new[] { "", "wrong", "counter_0123456789ab_" + new string('x', 43), new string('y', 3_000), "\"><script>" })
        {
            using var answer = await person.TryAsync(key);
            var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("This key is unknown.", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
            Assert.Null(Operator.SetCookie(answer));
        }
    }

    [Fact]
    public async Task A_foreign_form_is_refused()
    {
        using var json = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = new StringContent("{\"key\":\"" + RunningGateway.OperatorKey + "\"}") };
        using var refused = await person.Http.SendAsync(json, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var large = await person.TryAsync(new string('y', 100_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Fact]
    public async Task After_many_wrong_keys_a_valid_one_is_refused()
    {
        for (var i = 0; i < FailedKeyLimit.Burst; i++)
        {
            using var wrong = await person.TryAsync("wrong" + i);
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using var answer = await person.TryAsync(RunningGateway.OperatorKey);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Contains("Too many wrong keys", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Null(Operator.SetCookie(answer));
    }

    [Theory]
    [InlineData(KeyRole.Read)]
    [InlineData(KeyRole.Manage)]
    internal async Task A_key_of_a_site_gives_access_to_its_page_and_not_to_the_monitor(KeyRole role)
    {
        var (key, _) = await TestKeys.MakeAsync(gateway, role, "example.com:8080");
        using var answer = await person.TryAsync(key);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("/sites/example.com%3A8080", answer.Headers.Location?.ToString());
        person.Cookie = Operator.SetCookie(answer)!.Split(';')[0];
        using var monitor = await person.GetAsync("/monitor");
        Assert.Equal(HttpStatusCode.Redirect, monitor.StatusCode);
        Assert.Equal("/sites/example.com%3A8080", monitor.Headers.Location?.ToString());
        foreach (var path in new[] { Inside, "/monitor/ws", "/monitor/chart/sheet.svg" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, await person.StatusAsync(path));
        }

        using var signOut = await person.SendAsync(HttpMethod.Post, "/sign-out", []);
        Assert.Equal("/sites/example.com%3A8080", signOut.Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_channel_s_key_is_refused()
    {
        var (key, _) = await TestKeys.MakeAsync(gateway, KeyRole.Publish, "channel");
        using var answer = await person.TryAsync(key);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("only for a relay channel", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Null(Operator.SetCookie(answer));
    }

    [Fact]
    public async Task A_key_in_an_address_is_refused()
    {
        using var shown = await person.GetAsync("/monitor?key=" + RunningGateway.OperatorKey);
        Assert.Null(Operator.SetCookie(shown));
        using var posted = await person.SendAsync(HttpMethod.Post, "/sign-in?key=" + RunningGateway.OperatorKey, []);
        Assert.Equal(HttpStatusCode.Unauthorized, posted.StatusCode);
        using var got = await person.GetAsync("/sign-in?key=" + RunningGateway.OperatorKey);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, got.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await person.StatusAsync(Inside + "?key=" + RunningGateway.OperatorKey));
    }

    [Fact]
    public async Task A_cookie_with_a_foreign_signature_is_refused()
    {
        await using var other = await RunningGateway.StartAsync();
        using var stranger = await Operator.SignInAsync(other);
        using var own = await Operator.SignInAsync(gateway);
        var damaged = own.Cookie![..^4] + (own.Cookie.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");
        foreach (var cookie in new[] { stranger.Cookie, damaged, SessionCookie.Name + "=x", SessionCookie.Name + "=" + new string('A', 4000) })
        {
            person.Cookie = cookie;
            Assert.Equal(HttpStatusCode.Unauthorized, await person.StatusAsync(Inside));
        }
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "http://127.0.0.1:1", false)]
    [InlineData("Origin", "own", true)]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    public async Task Requests_from_other_sites_cannot_use_the_session(string header, string value, bool allowed)
    {
        person = await Operator.SignInAsync(gateway);
        (string, string) from = (header, value == "own" ? gateway.Address.GetLeftPart(UriPartial.Authority) : value);
        using var signIn = await person.TryAsync(RunningGateway.OperatorKey, from);
        using var signOut = await person.SendAsync(HttpMethod.Post, "/sign-out", [], from);
        Assert.Equal(allowed ? HttpStatusCode.SeeOther : HttpStatusCode.Forbidden, signIn.StatusCode);
        Assert.Equal(allowed ? HttpStatusCode.SeeOther : HttpStatusCode.Forbidden, signOut.StatusCode);
        if (allowed)
        {
            // A session that was signed out is over, even for a copy of its cookie.
            await Assert.ThrowsAnyAsync<Exception>(() => person.WatchAsync(from));
            using var again = await Operator.SignInAsync(gateway);
            using var socket = await again.WatchAsync(from);
            Assert.NotNull(await Operator.HearAsync(socket));
        }
        else
        {
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => person.WatchAsync(from));
            Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_socket_is_accepted_when_a_proxy_omits_the_port_of_the_host()
    {
        person = await Operator.SignInAsync(gateway);
        (string, string) from = ("Origin", "http://127.0.0.1:1");
        using var session = await person.GetAsync(Inside);
        var token = session.Headers.GetValues(SocketToken.Header).Single();
        using var socket = await person.WatchAsync("?token=" + token, from);
        Assert.NotNull(await Operator.HearAsync(socket));
        foreach (var wrong in new[] { "", "x", token[..^1], token + "0" })
        {
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => person.WatchAsync("?token=" + wrong, from));
            Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        }

        // It is good for this session alone.
        using var other = await Operator.SignInAsync(gateway);
        await Assert.ThrowsAnyAsync<Exception>(() => other.WatchAsync("?token=" + token, from));
    }
}
