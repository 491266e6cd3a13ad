using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Counter.Grains.Hosting;

/// <summary>The section <c>Orleans</c>, the same for silos and for gateways: where silos find each other and keep things.</summary>
internal sealed class OrleansSettings
{
    /// <summary>One silo on this machine, and everything in memory.</summary>
    public const string Development = "Development";

    /// <summary>One silo in the process of the only gateway, and everything in one file.</summary>
    public const string Local = "Local";

    /// <summary>Tables and blobs of an Azure storage account.</summary>
    public const string AzureStorage = "AzureStorage";

    /// <summary>A PostgreSQL database.</summary>
    public const string Postgres = "Postgres";

    /// <summary>Where silos find each other and keep things.</summary>
    [AllowedValues(Development, Local, AzureStorage, Postgres)]
    public string Store { get; set; } = Development;

    /// <summary>With <see cref="Postgres"/>: the database. With <see cref="AzureStorage"/>: the account and its key, instead of the endpoints.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>With <see cref="AzureStorage"/>: the tables, such as <c>https://account.table.core.windows.net</c>.</summary>
    public string TableEndpoint { get; set; } = "";

    /// <summary>With <see cref="AzureStorage"/>: the blobs, such as <c>https://account.blob.core.windows.net</c>.</summary>
    public string BlobEndpoint { get; set; } = "";

    /// <summary>Silos and gateways with the same name belong together; another deployment on the same store has another one.</summary>
    [Required]
    public string ClusterId { get; set; } = "counter";

    /// <summary>What is stored belongs to this name; it stays the same for ever.</summary>
    [Required]
    public string ServiceId { get; set; } = "counter";

    /// <summary>Where the other silos and the gateways reach this silo: an address or a name; empty: this machine's address.</summary>
    public string Address { get; set; } = "";

    /// <summary>The port for the other silos.</summary>
    [Range(1, 65535)]
    public int SiloPort { get; set; } = 11111;

    /// <summary>The port for gateways.</summary>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>Seconds between two saves of a page or site that changes.</summary>
    [Range(1, 86400)]
    public int SaveSeconds { get; set; } = 60;

    /// <summary>Only for a gateway: it runs a silo in its own process.</summary>
    public bool InProcess { get; set; }

    /// <summary>Whether a gateway runs a silo itself.</summary>
    public bool HasSilo => InProcess || Store == Local;

    /// <summary>How this silo counts.</summary>
    public CountingOptions Counting => new() { SaveInterval = TimeSpan.FromSeconds(SaveSeconds) };

    /// <summary>What is wrong with the settings together; null when nothing is.</summary>
    public string? Problem() => Store switch
    {
        Postgres when ConnectionString.Length == 0 =>
            "Orleans:Store is Postgres, but Orleans:ConnectionString is empty; it is like Host=db;Database=counter;Username=counter;Password=….",
        Postgres when !PostgresStore.Understands(ConnectionString) =>
            "Orleans:ConnectionString cannot be understood; it is like Host=db;Database=counter;Username=counter;Password=….",
        AzureStorage when ConnectionString.Length > 0 && !AzureStore.Understands(ConnectionString) =>
            "Orleans:ConnectionString cannot be understood; it is like DefaultEndpointsProtocol=https;AccountName=counter;AccountKey=….",
        AzureStorage when ConnectionString.Length == 0 && !IsEndpoint(TableEndpoint) =>
            $"Orleans:TableEndpoint is '{TableEndpoint}'; allowed is the address of an account's tables, such as https://account.table.core.windows.net.",
        AzureStorage when ConnectionString.Length == 0 && !IsEndpoint(BlobEndpoint) =>
            $"Orleans:BlobEndpoint is '{BlobEndpoint}'; allowed is the address of an account's blobs, such as https://account.blob.core.windows.net.",
        _ when SiloPort == GatewayPort => $"Orleans:SiloPort and Orleans:GatewayPort are both {SiloPort}; they must differ.",
        _ when Address.Length > 0 && Uri.CheckHostName(Address) == UriHostNameType.Unknown =>
            $"Orleans:Address is '{Address}'; allowed is an address or a name of this machine that the other silos and the gateways reach, without a port.",
        _ => null,
    };

    /// <summary>The address that others reach this silo at.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The name is not known.</exception>
    public IPAddress Advertised()
    {
        var name = Address.Length > 0 ? Address : Store == Development ? "127.0.0.1" : Dns.GetHostName();
        return IPAddress.TryParse(name, out var address) ? address
            : Dns.GetHostAddresses(name).OrderBy(a => a.AddressFamily).First();
    }

    private static bool IsEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0 && uri.Query.Length == 0;
}
