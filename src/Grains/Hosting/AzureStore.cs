using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace Counter.Grains.Hosting;

/// <summary>An Azure storage account: tables list the silos, blobs have the states of grains.</summary>
/// <remarks>Endpoints come without a key: the identity of the process needs the right to read and write both.</remarks>
internal static class AzureStore
{
    /// <summary>Makes a silo use the account for membership and storage.</summary>
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

    /// <summary>Makes a client find silos through the account.</summary>
    public static void Use(IClientBuilder client, ClusterSettings settings) =>
        client.UseAzureStorageClustering(tables => tables.TableServiceClient = Tables(settings));

    /// <summary>Whether a text is a valid connection string of an account.</summary>
    public static bool Understands(string connectionString)
    {
        try
        {
            return new TableServiceClient(connectionString).Uri is not null && new BlobServiceClient(connectionString).Uri is not null;
        }
        catch (Exception)
        {
            // The libraries throw different exceptions for different faults.
            return false;
        }
    }

    private static TableServiceClient Tables(ClusterSettings settings) => settings.ConnectionString.Length > 0
        ? new TableServiceClient(settings.ConnectionString)
        : new TableServiceClient(new Uri(settings.TableEndpoint), new DefaultAzureCredential());
}
