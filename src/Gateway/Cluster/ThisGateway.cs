using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Counter.Grains.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Cluster;

/// <summary>Who this gateway is among the others, and where they reach it.</summary>
internal sealed class ThisGateway
{
    private readonly IServer server;
    private readonly string wanted;
    private volatile string address = "";

    public ThisGateway(IServer server, IOptions<ClusterSettings> settings, IHostApplicationLifetime lifetime)
    {
        this.server = server;
        wanted = settings.Value.Address;

        // One process has no others to be reached by.
        HasOthers = wanted.Length > 0 || !settings.Value.IsLocal;
        lifetime.ApplicationStarted.Register(Listen);
    }

    /// <summary>The address is known.</summary>
    public event Action? Listening;

    /// <summary>Names this run of this process in the cluster.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Whether there may be other gateways.</summary>
    public bool HasOthers { get; }

    /// <summary>Where the others reach it; empty when they cannot, or before it listens.</summary>
    public string Address => address;

    private void Listen()
    {
        if (HasOthers)
        {
            address = Derive(wanted, server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);
        }

        Listening?.Invoke();
    }

    /// <summary>
    /// The address that was set, port 0 standing for the port listened on; else this machine's, as the first address listened on
    /// says it, plain HTTP before HTTPS, whose certificate would have to name the machine.
    /// </summary>
    internal static string Derive(string wanted, IEnumerable<string> listened)
    {
        var first = listened.Select(address => BindingAddress.Parse(address))
            .Where(address => !address.IsUnixPipe && !address.IsNamedPipe).OrderBy(address => address.Scheme, StringComparer.Ordinal).FirstOrDefault();
        if (wanted.Length > 0)
        {
            var set = new UriBuilder(wanted);
            set.Port = set.Port == 0 ? first?.Port ?? 0 : set.Port;
            return set.Uri.GetLeftPart(UriPartial.Authority);
        }

        if (first is null)
        {
            return "";
        }

        var host = IPAddress.TryParse(first.Host, out var ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any) || first.Host == "localhost"
            ? first.Host
            : first.Scheme == Uri.UriSchemeHttps ? Dns.GetHostName() : MachineAddress();
        return new UriBuilder(first.Scheme, host, first.Port).Uri.GetLeftPart(UriPartial.Authority);
    }

    /// <summary>An address of this machine, which others need no name service for; its name when it has none.</summary>
    private static string MachineAddress() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .OrderByDescending(card => card.GetIPProperties().GatewayAddresses.Count)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork)?.ToString() ?? Dns.GetHostName();
}
