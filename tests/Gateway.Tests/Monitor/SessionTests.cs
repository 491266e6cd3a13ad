using System.Net;
using Counter.Gateway.Documents;
using Counter.Gateway.Sessions;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Gateway.Tests.Monitor;

/// <summary>How long a session lasts.</summary>
public sealed class SessionTests : MonitorTest
{
    private const string Inside = "/monitor/session";

    [Fact]
    public async Task A_revoked_key_ends_its_sessions()
    {
        var (key, id) = await TestKeys.MakeAsync(Gateway, KeyRole.Operator, "");
        using var revoked = await Operator.SignInAsync(Gateway, key);
        Assert.Equal(HttpStatusCode.NoContent, await revoked.StatusAsync(Inside));
        await TestKeys.RevokeAsync(Gateway, id);
        Assert.Equal(HttpStatusCode.Unauthorized, await revoked.StatusAsync(Inside));
        Assert.Equal(HttpStatusCode.Unauthorized, await revoked.StatusAsync("/monitor/chart/sheet.svg"));
    }

    [Fact]
    public async Task A_revoked_key_ends_an_open_socket()
    {
        var (key, id) = await TestKeys.MakeAsync(Gateway, KeyRole.Operator, "");
        using var revoked = await Operator.SignInAsync(Gateway, key);
        using var socket = await revoked.WatchAsync();
        await Operator.HearAsync(socket);
        await TestKeys.RevokeAsync(Gateway, id);
        var from = Gateway.Clock.GetUtcNow();
        await Assert.ThrowsAsync<EndOfStreamException>(() => revoked.HearAsync(socket, _ => false, "the end"));
        Assert.Equal(4401, (int)socket.CloseStatus!);
        Assert.InRange(Gateway.Clock.GetUtcNow() - from, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_key_that_expires_ends_its_sessions_and_their_open_sockets()
    {
        var ends = Gateway.Clock.GetUtcNow() + TimeSpan.FromMinutes(1);
        var (key, _) = await TestKeys.MakeAsync(Gateway, KeyRole.Operator, "", ends);
        using var brief = await Operator.SignInAsync(Gateway, key);
        using var socket = await brief.WatchAsync();
        await Assert.ThrowsAsync<EndOfStreamException>(() => brief.HearAsync(socket, _ => false, "the end"));
        Assert.Equal(4401, (int)socket.CloseStatus!);
        Assert.InRange(Gateway.Clock.GetUtcNow() - ends, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.Unauthorized, await brief.StatusAsync(Inside));
        using var late = await brief.TryAsync(key);
        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
        Assert.Contains("This key has expired.", await late.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_ends_after_twelve_hours_of_use()
    {
        Gateway.Clock.Jump(TimeSpan.FromHours(11));
        using (var used = await Person.GetAsync(Inside))
        {
            Assert.Equal(HttpStatusCode.NoContent, used.StatusCode);
            Assert.Null(Operator.SetCookie(used));
        }

        Gateway.Clock.Jump(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await Person.StatusAsync(Inside));
    }

    [Fact]
    public async Task The_end_of_a_session_ends_its_sockets_and_pictures()
    {
        Gateway.Clock.Jump(SessionCookie.Lasts - TimeSpan.FromMinutes(1));
        using var later = await Operator.SignInAsync(Gateway);
        using var socket = await Person.WatchAsync();
        using var picture = await Gateway.OpenAsync("/monitor/chart/cpu.svg", "Cookie: " + Person.Cookie, "User-Agent: Mozilla/5.0 Chrome/156");
        using var stays = await later.WatchAsync();
        var from = Gateway.Clock.GetUtcNow();
        await Assert.ThrowsAsync<EndOfStreamException>(() => Person.HearAsync(socket, _ => false, "the end"));
        Assert.Equal(4401, (int)socket.CloseStatus!);
        Assert.InRange(Gateway.Clock.GetUtcNow() - from, TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(80));
        Assert.EndsWith("--counter-frame--\r\n", System.Text.Encoding.UTF8.GetString(await Gateway.AdvanceUntilAsync(picture.ReadToEndAsync(), "the end of the picture")), StringComparison.Ordinal);
        await later.HearAsync(stays, m => m.TryGetProperty("sample", out _), "a sample");
    }

    [Fact]
    public async Task Signing_out_removes_the_cookie()
    {
        using var other = await Operator.SignInAsync(Gateway);
        using var socket = await Person.WatchAsync();
        using var elsewhere = await other.WatchAsync();
        using var answer = await Person.SendAsync(HttpMethod.Post, "/sign-out", []);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.StartsWith(SessionCookie.Name + "=; expires=Thu, 01 Jan 1970", Operator.SetCookie(answer), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await Person.StatusAsync("/sign-out"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Person.StatusAsync(Inside));

        // Another window of the same session ends, another session does not.
        await Assert.ThrowsAsync<EndOfStreamException>(() => Person.HearAsync(socket, _ => false, "the end"));
        Assert.Equal(4401, (int)socket.CloseStatus!);
        await other.HearAsync(elsewhere, m => m.TryGetProperty("sample", out _), "a sample");
    }

    [Fact]
    public async Task A_session_survives_a_restart_without_a_warning()
    {
        var data = Directory.CreateTempSubdirectory("counter-restart-");
        try
        {
            using var log = new LogRecorder();
            string? cookie;
            await using (var before = await RunningGateway.StartAsync(log, "--Data:Directory=" + data.FullName))
            {
                using var early = await Operator.SignInAsync(before);
                cookie = early.Cookie;
            }

            await using var after = await RunningGateway.StartAsync(log, "--Data:Directory=" + data.FullName);
            using var late = new Operator(after) { Cookie = cookie };
            Assert.Equal(HttpStatusCode.NoContent, await late.StatusAsync(Inside));
            Assert.DoesNotContain(log.Lines, line => line.Level >= LogLevel.Warning && line.Level != LogLevel.None);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
