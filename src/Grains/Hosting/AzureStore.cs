using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace Counter.Grains.Hosting;

/// <summary>An Azure storage account: tables say which silos there are, blobs have what grains keep.</summary>
/// <remarks>With endpoints there is no key: the identity of the process must be allowed to read and write both.</remarks>
internal static class AzureStore
{
    /// <summary>Lets a silo use it.</summary>
    public static void Use(ISiloBuilder silo, ClusterSettings settings)
    {
        silo.UseAzureStorageClustering(tables => tables.TableServiceClient = Tables(settings));
        silo.AddAzureBlobGrainStorage(CountingOptions.Storage, blobs =>
        {
            blobs.BlobServiceClient = settings.ConnectionString.Length > 0
                ? new BlobServiceClient(settings.ConnectionString)
                : new BlobServiceClient(new Uri(settings.BlobEndpoint), new DefaultAzureCredential());
            blobs.ContainerName = "counter";
            blobs.DeleteStateOnClear = true;
        });
    }

    /// <summary>Lets a client find silos with it.</summary>
    public static void Use(IClientBuilder client, ClusterSettings settings) =>
        client.UseAzureStorageClustering(tables => tables.TableServiceClient = Tables(settings));

    /// <summary>Whether a text is a connection string of an account.</summary>
    public static bool Understands(string connectionString)
    {
        try
        {
            return new TableServiceClient(connectionString).Uri is not null && new BlobServiceClient(connectionString).Uri is not null;
        }
        catch (Exception)
        {
            // Each of these is thrown for another fault of it.
            return false;
        }
    }

    private static TableServiceClient Tables(ClusterSettings settings) => settings.ConnectionString.Length > 0
        ? new TableServiceClient(settings.ConnectionString)
        : new TableServiceClient(new Uri(settings.TableEndpoint), new DefaultAzureCredential());
}
