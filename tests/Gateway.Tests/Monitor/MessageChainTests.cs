using System.Text.Json;
using Counter.Gateway.Monitor;
using Counter.Gateway.Monitor.Sampling;
using Xunit;

namespace Counter.Gateway.Tests.Monitor;

/// <summary>Watchers get every message.</summary>
public sealed class MessageChainTests
{
    private readonly SampleHistory history = new();
    private readonly MessageChain broadcast;

    public MessageChainTests() => broadcast = new MessageChain(history);

    [Fact]
    public async Task A_reader_gets_every_sample_once_however_slow()
    {
        Take(1);
        Take(2);
        var (first, link) = broadcast.Join();
        Take(3);
        broadcast.Publish(new BusiestMessage([]));
        Take(4);
        var received = Samples(Assert.Single(first)).ToList();
        for (var i = 0; i < 3; i++)
        {
            link = await link.Next;
            received.AddRange(Samples(link.Message));
        }

        Assert.Equal([1, 2, 3, 4], received);
        Assert.False(link.Next.IsCompleted);
    }

    [Fact]
    public void Readers_who_join_at_the_same_time_share_bytes()
    {
        Take(1);
        var (one, _) = broadcast.Join();
        var (other, _) = broadcast.Join();
        Assert.True(one[0].Equals(other[0]));
        Take(2);
        Assert.Equal([1, 2], Samples(broadcast.Join().First[0]));
    }

    [Fact]
    public void Pages_and_gateways_are_sent_to_new_readers_until_they_are_too_old()
    {
        broadcast.Publish(new BusiestMessage([]));
        broadcast.Publish(new GatewaysMessage([]));
        Assert.Equal(3, broadcast.Join().First.Count);
        broadcast.Forget();
        Assert.Single(broadcast.Join().First);
    }

    [Fact]
    public void A_reader_far_behind_restarts_with_the_history()
    {
        var (_, link) = broadcast.Join();
        for (var i = 1; i <= Link.MostWaiting; i++)
        {
            Take(i);
        }

        Assert.False(broadcast.IsFarBehind(link));
        Take(0);
        Assert.True(broadcast.IsFarBehind(link));
        Assert.False(broadcast.IsFarBehind(broadcast.Join().From));
    }

    private void Take(int here)
    {
        var sample = new Sample { Here = here };
        broadcast.Publish(history.Add(sample), sample);
    }

    private static IEnumerable<int> Samples(ReadOnlyMemory<byte> message)
    {
        var json = JsonSerializer.Deserialize<JsonElement>(message.Span);
        IEnumerable<JsonElement> rows = json.TryGetProperty("samples", out var all) ? all.EnumerateArray()
            : json.TryGetProperty("sample", out var one) ? [one] : [];
        return rows.Select(row => (int)row[2].GetDouble());
    }
}
