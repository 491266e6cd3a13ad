using Counter.Gateway.Monitor;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Monitor;

/// <summary>A gateway, and an operator who has signed in.</summary>
public abstract class MonitorTest : IAsyncLifetime
{
    private RunningGateway? gateway;
    private Operator? person;

    protected RunningGateway Gateway => gateway!;

    private protected Operator Person => person!;

    /// <summary>How many watch.</summary>
    protected int Watching => Gateway.App.Services.GetRequiredService<MonitorViewers>().Count;

    public async ValueTask InitializeAsync()
    {
        gateway = await RunningGateway.StartAsync();
        person = await Operator.SignInAsync(gateway);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Person.Dispose();
        await Gateway.DisposeAsync();
    }
}
