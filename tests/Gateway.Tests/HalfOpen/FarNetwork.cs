using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Counter.Gateway.Tests.Support;

namespace Counter.Gateway.Tests.HalfOpen;

/// <summary>
/// A network namespace with one cable to this machine (a veth pair), made for one test. Sockets can be opened in it, and the cable
/// can be cut, after which no packet arrives and neither side is notified.
/// </summary>
internal sealed class FarNetwork : IAsyncDisposable
{
    // The names carry the process id so that two runs do not meet; an interface's name has at most 15 characters.
    private readonly string name;
    private readonly string near;
    private readonly string far;
    private readonly IPAddress farAddress;

    private FarNetwork(int number)
    {
        name = $"counter-{Environment.ProcessId}-{number}";
        near = $"cnt{Environment.ProcessId}n{number}";
        far = $"cnt{Environment.ProcessId}f{number}";

        // A private network of four addresses, so that the limits per address do not apply (10.200.0.0/14).
        var slot = (Environment.ProcessId * 2 + number) % 65536 * 4;
        byte[] bytes = [10, (byte)(200 + slot / 65536), (byte)(slot / 256 % 256), (byte)(slot % 256 + 1)];
        NearAddress = new IPAddress(bytes);
        bytes[3]++;
        farAddress = new IPAddress(bytes);
    }

    /// <summary>This machine, as the far side knows it.</summary>
    public IPAddress NearAddress { get; }

    /// <summary>Why there can be no such network here; null when there can.</summary>
    public static async Task<string?> ProblemAsync()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return "Cutting a network takes Linux and root.";
        }

        await using var probe = new FarNetwork(0);
        return await Command.TryAsync("ip", "netns add " + probe.name)
            ?? await Command.TryAsync("ip", $"link add {probe.near} type veth peer name {probe.far} netns {probe.name}");
    }

    /// <exception cref="InvalidOperationException">It could not be made.</exception>
    public static async Task<FarNetwork> MakeAsync(int number)
    {
        var network = new FarNetwork(number);
        try
        {
            await Command.RunAsync("ip", $"netns add {network.name}");
            await Command.RunAsync("ip", $"link add {network.near} type veth peer name {network.far} netns {network.name}");
            await Command.RunAsync("ip", $"address add {network.NearAddress}/30 dev {network.near}");
            await Command.RunAsync("ip", $"link set {network.near} up");
            await Command.RunAsync("ip", $"-netns {network.name} address add {network.farAddress}/30 dev {network.far}");
            await Command.RunAsync("ip", $"-netns {network.name} link set {network.far} up");
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes sockets whose packets leave from the far side.</summary>
    public Socket[] MakeSockets(int count)
    {
        var sockets = new Socket[count];
        Exception? problem = null;

        // A thread enters a namespace for good, so this one is thrown away; a socket stays where it was made.
        var thread = new Thread(() =>
        {
            try
            {
                Enter("/run/netns/" + name);
                for (var i = 0; i < count; i++)
                {
                    sockets[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                }
            }
            catch (Exception e) when (e is Win32Exception or IOException or SocketException)
            {
                problem = e;
            }
        });
        thread.Start();
        thread.Join();
        return problem is null ? sockets : throw new InvalidOperationException("No sockets in the namespace.", problem);
    }

    /// <summary>The far side's cable is pulled: this machine sees that there is no carrier.</summary>
    public Task PullCableAsync() => Command.RunAsync("ip", $"-netns {name} link set {far} down");

    /// <summary>What this machine sends is lost on the way: it goes to a network card that does not exist.</summary>
    public Task LosePacketsAsync() => Command.RunAsync("ip", $"neighbor replace {farAddress} lladdr 02:00:00:00:00:01 dev {near} nud permanent");

    public async ValueTask DisposeAsync()
    {
        // Either of them takes the pair with it; what was never made cannot be removed. The namespace lives on while it has sockets.
        await Command.TryAsync("ip", "link delete " + near);
        await Command.TryAsync("ip", "netns delete " + name);
    }

    private static void Enter(string path)
    {
        const int NetworkNamespace = 0x40000000;
        using var file = File.OpenHandle(path);
        if (SetNamespace(file, NetworkNamespace) != 0)
        {
            throw new Win32Exception();
        }
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(SafeHandle file, int kind);
}
