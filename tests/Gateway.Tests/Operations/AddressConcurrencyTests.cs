using System.Net;
using Counter.Gateway.Operations;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>Many requests of one address do not delay those of others.</summary>
public sealed class AddressConcurrencyTests
{
    private const int Most = 2;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly AddressConcurrency turns = new(Most);
    private readonly TaskCompletionSource busy = new();
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int begun;

    [Fact]
    public async Task Requests_of_an_address_beyond_the_limit_wait_and_others_do_not()
    {
        using var begins = new SemaphoreSlim(0);
        var all = Enumerable.Range(0, 100).Select(_ => Task.Run(() => RunAsync("8.8.8.8", begins))).ToList();
        for (var i = 0; i < Most; i++)
        {
            Assert.True(await begins.WaitAsync(Deadline, TestContext.Current.CancellationToken));
        }

        await turns.RunAsync(From("8.8.8.9"), _ => Task.CompletedTask);
        Assert.Equal(Most, begun);

        // Whoever waits for something makes room, though it is not done.
        busy.SetResult();
        for (var i = Most; i < all.Count; i++)
        {
            Assert.True(await begins.WaitAsync(Deadline, TestContext.Current.CancellationToken));
        }

        Assert.DoesNotContain(all, one => one.IsCompleted);
        over.SetResult();
        await Task.WhenAll(all);
    }

    [Fact]
    public async Task A_failed_request_frees_its_turn()
    {
        for (var i = 0; i <= Most; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => turns.RunAsync(From("8.8.8.8"), _ => throw new InvalidOperationException()));
        }
    }

    [Theory]
    [InlineData("GET", false)]
    [InlineData("HEAD", false)]
    [InlineData("POST", true)]
    [InlineData("PUT", true)]
    [InlineData("DELETE", true)]
    public async Task A_request_of_a_disconnected_client_runs_unless_it_only_reads(string method, bool taken)
    {
        var ran = false;
        await turns.RunAsync(Left(method), _ =>
        {
            ran = true;
            return Task.CompletedTask;
        });
        Assert.Equal(taken, ran);
    }

    [Fact]
    public async Task A_waiting_request_of_a_disconnected_client_is_skipped_and_frees_its_turn()
    {
        using var begins = new SemaphoreSlim(0);
        var running = Enumerable.Range(0, Most).Select(_ => Task.Run(() => RunAsync("8.8.8.8", begins))).ToList();
        for (var i = 0; i < Most; i++)
        {
            Assert.True(await begins.WaitAsync(Deadline, TestContext.Current.CancellationToken));
        }

        var gone = turns.RunAsync(Left("GET"), _ => throw new InvalidOperationException());
        var ran = false;
        var next = turns.RunAsync(From("8.8.8.8"), _ =>
        {
            ran = true;
            return Task.CompletedTask;
        });

        busy.SetResult();
        over.SetResult();
        await Task.WhenAll([.. running, gone, next]).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.True(ran);
    }

    private Task RunAsync(string address, SemaphoreSlim begins) => turns.RunAsync(From(address), async _ =>
    {
        Interlocked.Increment(ref begun);
        begins.Release();

        // What takes a processor's time before anything is waited for.
        Assert.True(busy.Task.Wait(Deadline));
        await over.Task;
    });

    private static DefaultHttpContext Left(string method)
    {
        var context = From("8.8.8.8");
        context.Request.Method = method;
        context.RequestAborted = new CancellationToken(canceled: true);
        return context;
    }

    private static DefaultHttpContext From(string address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return context;
    }
}
