using Npgsql;
using Xunit;

namespace Counter.Postgres.Tests.Support;

/// <summary>A test with a database server of its own, which nobody else misses.</summary>
public abstract class ServerTest : IAsyncLifetime
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected Server Server { get; } = new();

    protected string ConnectionString => Server.ConnectionString("postgres");

    public async ValueTask InitializeAsync()
    {
        await Server.TryStartAsync();
        Assert.SkipWhen(Server.Problem is not null, Server.Problem ?? "");
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        NpgsqlConnection.ClearAllPools();
        await Server.DisposeAsync();
    }
}
