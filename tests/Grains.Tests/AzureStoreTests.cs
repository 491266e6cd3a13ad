using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Counter.Grains.Hosting;
using Counter.Grains.Tests.Support;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>Silos that find each other and keep things in an Azure storage account.</summary>
public sealed class AzureStoreTests(Azurite azurite) : SharedStoreContract, IAsyncLifetime
{
    // Tests share the emulator; what one leaves there another does not see.
    private readonly string cluster = Guid.NewGuid().ToString("N");

    public async ValueTask InitializeAsync() => await azurite.StartAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected override ClusterSettings NewSilo()
    {
        Assert.SkipWhen(azurite.Problem is not null, azurite.Problem ?? "");
        var free = RunningSilo.FreePorts();
        (free.Store, free.ConnectionString, free.ClusterId) = (ClusterSettings.AzureStorage, azurite.ConnectionString, cluster);
        return free;
    }

    private protected override async Task CheckSilosAsync(int active)
    {
        var silos = new TableClient(azurite.ConnectionString, "OrleansSiloInstances");
        var rows = await silos.QueryAsync<TableEntity>(row => row.PartitionKey == cluster, cancellationToken: Stop).ToListAsync(Stop);
        Assert.Equal(active, rows.Count(row => row.GetString("Status") == "Active"));
    }

    private protected override async Task CheckForgottenAsync(string site)
    {
        var names = await new BlobContainerClient(azurite.ConnectionString, "counter").GetBlobsAsync(cancellationToken: Stop).Select(blob => blob.Name).ToListAsync(Stop);
        Assert.NotEmpty(names);
        Assert.DoesNotContain(names, name => name.Contains(site, StringComparison.Ordinal));
    }
}
