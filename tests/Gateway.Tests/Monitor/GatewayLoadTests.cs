using System.Text.Json;
using Counter.Gateway.Cluster;
using Counter.Gateway.Tests.Cluster;
using Xunit;

namespace Counter.Gateway.Tests.Monitor;

/// <summary>The other gateways in a monitor.</summary>
public sealed class GatewayLoadTests
{
    [Fact]
    public async Task While_one_gateway_is_watched_the_others_report_their_load_each_second()
    {
        await using var group = await GatewayGroup.StartAsync(2);
        using var person = await Operator.SignInAsync(group[0]);
        using var socket = await person.WatchAsync();
        using var viewer = await group.ViewAsync(1, "http://example.com/", "one");
        List<DateTimeOffset> seen = [];
        var message = await person.HearAsync(socket, m => Other(m) is { } other && IsOften(seen, other.GetProperty("seenAt").GetDateTimeOffset()), "renewals");
        var load = Other(message)!.Value;
        Assert.Equal((1, 1), (load.GetProperty("viewers").GetInt32(), load.GetProperty("streams").GetInt32()));
        Assert.InRange(load.GetProperty("resident").GetInt64(), 1_000_000, long.MaxValue);
        foreach (var rate in (string[])["frames", "bytes", "process"])
        {
            Assert.InRange(load.GetProperty(rate).GetDouble(), 0, double.MaxValue);
        }
    }

    /// <summary>Whether the last three renewals were less than the usual time apart.</summary>
    private static bool IsOften(List<DateTimeOffset> seen, DateTimeOffset at)
    {
        if (seen.LastOrDefault() != at)
        {
            seen.Add(at);
        }

        return seen is [.., var first, var second, var third] && second - first < GatewayHeartbeat.Renewal && third - second < GatewayHeartbeat.Renewal;
    }

    private static JsonElement? Other(JsonElement message) => message.TryGetProperty("gateways", out var gateways)
        && gateways.EnumerateArray().FirstOrDefault(g => !g.GetProperty("here").GetBoolean()) is { ValueKind: JsonValueKind.Object } other
        && other.GetProperty("resident").ValueKind == JsonValueKind.Number ? other : null;
}
