using System.Net;
using System.Runtime.InteropServices;
using Counter.Gateway.Network;
using Microsoft.AspNetCore.Connections.Features;

namespace Counter.Gateway.Operations;

/// <summary>Limits how many requests of an address run at once, so that requests of other addresses do not wait behind all of them.</summary>
/// <remarks>
/// One HTTP/2 connection can send a hundred requests at once, and threads run the oldest first. A turn ends when its request first waits for
/// something, so slow reading or sending does not hold a turn. A single address can use all processors.
/// </remarks>
/// <param name="most">The most requests of one address that run at once.</param>
internal sealed class AddressConcurrency(int most)
{
    private readonly Dictionary<IPAddress, Line> lines = [];

    /// <summary>Runs a request when it is its turn. Skips a GET or HEAD whose client has left by then.</summary>
    public Task RunAsync(HttpContext context, RequestDelegate next)
    {
        var address = ClientAddress.Of(context);
        TaskCompletionSource? turn = null;
        lock (lines)
        {
            ref var line = ref CollectionsMarshal.GetValueRefOrAddDefault(lines, address, out _);
            line ??= new Line();
            if (line.Running < most)
            {
                line.Running++;
            }
            else
            {
                (line.Waiting ??= new()).Enqueue(turn = new TaskCompletionSource());
            }
        }

        return turn is null ? RunNowAsync(context, next, address) : WaitAsync(turn.Task, context, next, address);
    }

    private async Task WaitAsync(Task turn, HttpContext context, RequestDelegate next, IPAddress address)
    {
        await turn;
        await RunNowAsync(context, next, address);
    }

    private Task RunNowAsync(HttpContext context, RequestDelegate next, IPAddress address)
    {
        try
        {
            // A client may leave after it has sent its data. The request runs all the same.
            if (!context.RequestAborted.IsCancellationRequested || !OnlyAsks(context.Request.Method))
            {
                return next(context);
            }

            // A flood that ends leaves thousands of requests without a client. Running each would throw through the whole pipeline.
            Forget(context);
            return Task.CompletedTask;
        }
        finally
        {
            Leave(address);
        }
    }

    private static bool OnlyAsks(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    // Over HTTP/1.1 the server has buffered up to a megabyte of further requests. It would run all of them on one thread without a pause.
    private static void Forget(HttpContext context)
    {
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
    }

    private void Leave(IPAddress address)
    {
        TaskCompletionSource? turn = null;
        lock (lines)
        {
            var line = lines[address];
            if (line.Waiting?.TryDequeue(out turn) != true && --line.Running == 0)
            {
                lines.Remove(address);
            }
        }

        if (turn is not null)
        {
            // Queued behind the requests that other addresses have sent meanwhile.
            ThreadPool.UnsafeQueueUserWorkItem(static turn => turn.SetResult(), turn, preferLocal: false);
        }
    }

    private sealed class Line
    {
        public int Running { get; set; }

        public Queue<TaskCompletionSource>? Waiting { get; set; }
    }
}
