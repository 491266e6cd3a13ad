#if ORLEANS_AZURE
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Orleans.Configuration;
#endif

namespace Counter.Grains.Hosting;

/// <summary>
/// An Azure storage account: tables say which silos there are, blobs have what grains keep. There is no
/// key: the identity of the process must be allowed to read and write both.
/// </summary>
internal static class AzureStore
{
#if ORLEANS_AZURE
    /// <summary>Why it cannot be used; null when it can.</summary>
    public static string? Missing => null;

    /// <summary>Lets a silo use it.</summary>
    public static void Use(ISiloBuilder silo, OrleansSettings settings)
    {
        var credential = new DefaultAzureCredential();
        silo.UseAzureStorageClustering(tables => tables.TableServiceClient = new TableServiceClient(new Uri(settings.TableEndpoint), credential));
        silo.AddAzureBlobGrainStorage(CountingOptions.Storage, blobs =>
        {
            blobs.BlobServiceClient = new BlobServiceClient(new Uri(settings.BlobEndpoint), credential);
            blobs.ContainerName = "counter";
            blobs.DeleteStateOnClear = true;
        });
    }

    /// <summary>Lets a client find silos with it.</summary>
    public static void Use(IClientBuilder client, OrleansSettings settings) => client.UseAzureStorageClustering(
        tables => tables.TableServiceClient = new TableServiceClient(new Uri(settings.TableEndpoint), new DefaultAzureCredential()));
#else
    /// <summary>Why it cannot be used; null when it can.</summary>
    public static string? Missing => "Orleans:Store is AzureStorage, but this build was made with -p:OrleansAzure=false; build it without that.";

    /// <summary>Says that it is not there.</summary>
    public static void Use(ISiloBuilder silo, OrleansSettings settings) => throw new InvalidOperationException(Missing);

    /// <summary>Says that it is not there.</summary>
    public static void Use(IClientBuilder client, OrleansSettings settings) => throw new InvalidOperationException(Missing);
#endif
}
