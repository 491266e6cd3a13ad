using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Counter.Grains.Local;

/// <summary>
/// Listens on no port. The only gateway is in the silo's process and needs none, and a port would let every user of the machine call grains.
/// </summary>
internal sealed class NoListener : IConnectionListenerFactory
{
    /// <summary>Replaces the listeners of a silo.</summary>
    public static void Use(IServiceCollection services)
    {
        foreach (var listener in services.Where(s => s.ServiceType == typeof(IConnectionListenerFactory) && s.IsKeyedService).ToList())
        {
            services.Remove(listener);
            services.AddKeyedSingleton<IConnectionListenerFactory, NoListener>(listener.ServiceKey);
        }
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(new SilentListener(endpoint));

    private sealed class SilentListener(EndPoint endpoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => await unbound.Task.WaitAsync(cancellationToken);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

        public ValueTask DisposeAsync()
        {
            unbound.TrySetResult(null);
            return ValueTask.CompletedTask;
        }
    }
}
