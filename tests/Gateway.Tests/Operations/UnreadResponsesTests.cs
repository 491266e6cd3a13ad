using System.IO.Pipelines;
using System.Net;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Gateway.Tests.Support;
using Counter.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>The connections that are closed when too many answers wait.</summary>
public sealed class UnreadResponsesTests : IAsyncLifetime
{
    private const int Part = 3 * 1024 * 1024;

    private readonly ManualTimeProvider clock = new();
    private readonly TaskCompletionSource<FlushResult> taken = new();
    private readonly List<Task> waiting = [];
    private RunningGateway gateway = null!;
    private UnreadResponses unread = null!;

    public async ValueTask InitializeAsync()
    {
        gateway = await RunningGateway.StartAsync();
        unread = new UnreadResponses(
            Options.Create(new StreamingOptions()), Options.Create(new LimitsOptions()), gateway.App.Services.GetRequiredService<CounterMetrics>(), clock);
    }

    public async ValueTask DisposeAsync()
    {
        taken.TrySetResult(default);
        await Task.WhenAll(waiting);
        await gateway.DisposeAsync();
    }

    [Fact]
    public void An_address_that_reads_nothing_is_closed_at_its_own_limit()
    {
        var first = Ask("8.8.8.8");
        Assert.False(first.IsCut);
        Assert.True(Ask("8.8.8.8").IsCut);
        Assert.False(Ask("8.8.8.9").IsCut);
        Assert.False(first.IsCut);
    }

    [Fact]
    public async Task Over_the_limit_of_all_addresses_those_that_read_are_kept()
    {
        for (var i = 0; i < 22; i++)
        {
            Ask($"8.8.9.{i}");
        }

        // It would be a second one of this address.
        Assert.True(Ask("8.8.9.0", bytes: 1).IsCut);
        var soon = new TaskCompletionSource<FlushResult>();
        var (honest, late) = (Ask("8.8.8.8", bytes: 1, soon), Ask("8.8.8.9", bytes: 1));
        soon.SetResult(default);
        await honest.Waiting;
        clock.Advance(UnreadResponses.Moment);
        Assert.True(late.IsCut);
        Assert.False(honest.IsCut);

        // There is room again.
        taken.SetResult(default);
        await Task.WhenAll(waiting);
        var next = new TaskCompletionSource<FlushResult>();
        var slow = Ask("8.8.8.9", Part, next);
        clock.Advance(UnreadResponses.Moment);
        Assert.False(slow.IsCut);
        next.SetResult(default);
        await slow.Waiting;
    }

    private Answer Ask(string address, int bytes = Part, TaskCompletionSource<FlushResult>? until = null)
    {
        var answer = new Answer();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(answer);
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        answer.Waiting = unread.WaitAsync(context, new ValueTask<FlushResult>((until ?? taken).Task), bytes).AsTask();
        waiting.Add(answer.Waiting);
        return answer;
    }

    private sealed class Answer : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public bool IsCut { get; private set; }

        public Task Waiting { get; set; } = Task.CompletedTask;

        public void Abort() => IsCut = true;
    }
}
