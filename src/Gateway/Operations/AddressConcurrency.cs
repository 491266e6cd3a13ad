using System.Net;
using System.Runtime.InteropServices;
using Counter.Gateway.Network;
using Microsoft.AspNetCore.Connections.Features;

namespace Counter.Gateway.Operations;

/// <summary>Runs a few requests of an address at a time, so that those of others do not wait behind all of them.</summary>
/// <remarks>
/// One connection may ask for a hundred things at once over HTTP/2, and threads take up what was asked first. A turn is over when its request first
/// waits for something: nobody keeps one by reading or sending slowly, and who is alone has all processors.
/// </remarks>
/// <param name="most">Requests of one address that run at once.</param>
internal sealed class AddressConcurrency(int most)
{
    private readonly Dictionary<IPAddress, Line> lines = [];

    /// <summary>Runs a request when it is its turn, unless it only asks for something and its client has gone by then.</summary>
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
            // Whoever sends something may leave as soon as it is sent.
            if (!context.RequestAborted.IsCancellationRequested || !OnlyAsks(context.Request.Method))
            {
                return next(context);
            }

            // A flood that ends leaves thousands that nobody waits for any more, and each would throw through all that runs it.
            Forget(context);
            return Task.CompletedTask;
        }
        finally
        {
            Leave(address);
        }
    }

    private static bool OnlyAsks(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    // Over HTTP/1.1 the server has up to a megabyte of further requests, and would go through them on one thread without a pause.
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
            // Behind whatever others have asked for meanwhile.
            ThreadPool.UnsafeQueueUserWorkItem(static turn => turn.SetResult(), turn, preferLocal: false);
        }
    }

    private sealed class Line
    {
        public int Running { get; set; }

        public Queue<TaskCompletionSource>? Waiting { get; set; }
    }
}
