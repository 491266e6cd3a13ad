using Counter.Grains.Hosting;
using Counter.Grains.Tests.Support;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>Silos that find each other and keep things in PostgreSQL, with tables and queries of our own.</summary>
public sealed class PostgresStoreTests(TestDatabase database) : SharedStoreContract, IClassFixture<TestDatabase>
{
    private protected override ClusterSettings NewSilo()
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        var free = RunningSilo.FreePorts();
        (free.Store, free.ConnectionString) = (ClusterSettings.Postgres, database.ConnectionString);
        return free;
    }

    private protected override async Task CheckSilosAsync(int active) =>
        Assert.Equal(active, await database.AskAsync<long>("SELECT count(*) FROM counter_silos.silos WHERE status = 3"));

    private protected override async Task CheckForgottenAsync(string site) =>
        Assert.Equal(0, await database.AskAsync<long>($"SELECT count(*) FROM counter_silos.grains WHERE key LIKE '{site}%'"));
}
