using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Counter.Grains.Hosting;

/// <summary>The section <c>Cluster</c>, the same for silos and gateways: where grains keep things, and where silos and gateways find each other.</summary>
internal sealed class ClusterSettings
{
    /// <summary>One gateway with a silo in its process, and everything in one file.</summary>
    public const string Local = "Local";

    /// <summary>A PostgreSQL database.</summary>
    public const string Postgres = "Postgres";

    /// <summary>Tables and blobs of an Azure storage account.</summary>
    public const string AzureStorage = "AzureStorage";

    private const string Section = "Cluster";
    private const int LocalSaveSeconds = 10;
    private const int SharedSaveSeconds = 60;

    /// <summary>
    /// <c>Local</c>: one process that keeps everything in <c>Data:Directory</c>; <c>Postgres</c> or <c>AzureStorage</c> (tables and blobs): any number
    /// of gateways and silos.
    /// </summary>
    [AllowedValues(Local, Postgres, AzureStorage)]
    public string Store { get; set; } = Local;

    /// <summary>
    /// The database, as <see href="https://www.npgsql.org/doc/connection-string-parameters.html">Npgsql</see> reads it; or the storage account with its
    /// key, instead of the endpoints. Also <c>ConnectionStrings:Counter</c> for a database.
    /// </summary>
    /// <value>none</value>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// Tables of the storage account, such as <c>https://account.table.core.windows.net</c>. There is no key then: the <see
    /// href="https://learn.microsoft.com/dotnet/azure/sdk/authentication/credential-chains">identity</see> of the process needs permission to read and
    /// write.
    /// </summary>
    /// <value>none</value>
    public string TableEndpoint { get; set; } = "";

    /// <summary>Blobs of the storage account, likewise.</summary>
    /// <value>none</value>
    public string BlobEndpoint { get; set; } = "";

    /// <summary>Silos and gateways with the same name belong together.</summary>
    /// <remarks>Another deployment on the same store has another one.</remarks>
    [Required]
    public string ClusterId { get; set; } = "counter";

    /// <summary>The stored data belongs to this name; never change it.</summary>
    [Required]
    public string ServiceId { get; set; } = "counter";

    /// <summary>Of a silo: where the others reach it, an address or a name without a port.</summary>
    /// <value>address of the machine</value>
    public string SiloAddress { get; set; } = "";

    /// <summary>Of a silo: the port for other silos.</summary>
    [Range(1, 65535)]
    public int SiloPort { get; set; } = 11111;

    /// <summary>Of a silo: the port for gateways.</summary>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>PEM file with the certificate that this process presents to silos and gateways; read at the start.</summary>
    /// <value>no TLS</value>
    /// <remarks>Those between it and the authority are in the same file.</remarks>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file with its key.</summary>
    /// <value>none</value>
    public string CertificateKeyFile { get; set; } = "";

    /// <summary>PEM file with the authority whose certificates are trusted. Set all three files or none.</summary>
    /// <value>none</value>
    public string AuthorityFile { get; set; } = "";

    /// <summary>
    /// Seconds between two saves; 0: the default. A <c>kill -9</c> loses at most this much of totals, and of history where viewers come and go; where
    /// they only stay, a minute. Settings are stored before they are answered.
    /// </summary>
    /// <value>10; 60 in silos</value>
    /// <remarks>Saves of silos cross a network, and there are many.</remarks>
    [Range(0, 86400)]
    public int SaveSeconds { get; set; }

    /// <summary>Whether the gateway runs the silo itself, and no other gateway is there.</summary>
    public bool IsLocal => Store == Local;

    /// <summary>How silos and gateways prove that they belong together; null: not at all.</summary>
    public ClusterTls? Tls { get; internal set; }

    /// <summary>Whether calls of grains belong to the traces of those who call.</summary>
    public bool IsTraced { get; internal set; }

    /// <summary>The time between two saves of a page or site that changes.</summary>
    public TimeSpan SaveInterval => TimeSpan.FromSeconds(SaveSeconds > 0 ? SaveSeconds : IsLocal ? LocalSaveSeconds : SharedSaveSeconds);

    /// <summary>Reads the section, and adds it as <c>IOptions</c>.</summary>
    /// <exception cref="SettingException">A setting has a value that is not allowed.</exception>
    public static ClusterSettings Read(IServiceCollection services, IConfiguration configuration)
    {
        var settings = services.AddSettings<ClusterSettings>(configuration, Section);
        if (settings is { Store: Postgres, ConnectionString: "" })
        {
            settings.ConnectionString = configuration.GetConnectionString("Counter") ?? "";
        }

        if (settings.Problem() is { } problem)
        {
            throw new SettingException(problem);
        }

        settings.Tls = ClusterTls.Read(settings);
        settings.IsTraced = Telemetry.IsOn(configuration);
        return settings;
    }

    /// <summary>The address that others reach this silo at.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The name is not known.</exception>
    public IPAddress Advertised()
    {
        var name = SiloAddress.Length > 0 ? SiloAddress : Dns.GetHostName();
        return IPAddress.TryParse(name, out var address) ? address
            : Dns.GetHostAddresses(name).OrderBy(a => a.AddressFamily).First();
    }

    private string? Problem() => Store switch
    {
        Postgres when ConnectionString.Length == 0 =>
            "Cluster:Store is Postgres, but Cluster:ConnectionString is empty; an example is Host=db;Database=counter;Username=counter;Password=….",
        Postgres when !PostgresStore.Understands(ConnectionString) =>
            "Cluster:ConnectionString cannot be understood; an example is Host=db;Database=counter;Username=counter;Password=….",
        AzureStorage when ConnectionString.Length > 0 && !AzureStore.Understands(ConnectionString) =>
            "Cluster:ConnectionString cannot be understood; an example is DefaultEndpointsProtocol=https;AccountName=counter;AccountKey=….",
        AzureStorage when ConnectionString.Length == 0 && !IsEndpoint(TableEndpoint) =>
            $"Cluster:TableEndpoint is '{TableEndpoint}'; allowed is the address of an account's tables, such as https://account.table.core.windows.net.",
        AzureStorage when ConnectionString.Length == 0 && !IsEndpoint(BlobEndpoint) =>
            $"Cluster:BlobEndpoint is '{BlobEndpoint}'; allowed is the address of an account's blobs, such as https://account.blob.core.windows.net.",
        _ when SiloPort == GatewayPort => $"Cluster:SiloPort and Cluster:GatewayPort are both {SiloPort}; they must differ.",
        _ when SiloAddress.Length > 0 && Uri.CheckHostName(SiloAddress) == UriHostNameType.Unknown =>
            $"Cluster:SiloAddress is '{SiloAddress}'; allowed is an address or a name of this machine that the other silos and the gateways reach, without a port.",
        _ => null,
    };

    private static bool IsEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0 && uri.Query.Length == 0;
}
