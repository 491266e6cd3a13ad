using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Client;
using Counter.Grains.Hosting;
using Counter.Grains.Tests.Support;
using Counter.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>Silos and gateways that show certificates of the operator's authority, and strangers who have none.</summary>
public sealed class TlsTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Authority authority = new();
    private readonly Authority stranger = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        authority.Dispose();
        stranger.Dispose();
    }

    [Fact]
    public async Task Only_a_certificate_of_the_authority_is_accepted()
    {
        Assert.SkipWhen(database.Problem is not null, database.Problem ?? "");
        var settings = Silo();
        await using var first = new RunningSilo(settings);
        await using var second = new RunningSilo(Silo());
        await Task.WhenAll(first.StartAsync(), second.StartAsync());

        using var connection = new OrleansConnection(settings, TimeProvider.System, NullLoggerFactory.Instance);
        await connection.StartAsync(Stop);
        await Wait.UntilAsync(() => connection.Client is not null, "the gateway to be let in");
        var cluster = new OrleansCluster(() => connection.Client, TimeProvider.System, NullLogger<OrleansCluster>.Instance);
        await cluster.RenewAsync(new GatewayState("g", "machine", "1", DateTimeOffset.UtcNow, 0, 0), Stop);

        // Of so many sites some are in the other silo.
        var gateway = new TestGateway("g", new CountLimits(1000, 1000, 1000), TimeProvider.System);
        for (var i = 0; i < 20; i++)
        {
            gateway.Set(new PageState(new PageKey($"site{i}.example", "/"), 1, 1));
        }

        Assert.True(await gateway.SendAsync(cluster));
        await connection.StopAsync(Stop);

        using var foreign = stranger.Issue();
        foreach (var port in new[] { settings.GatewayPort, settings.SiloPort })
        {
            await IsNotLetInAsync(port, foreign);
            await IsNotLetInAsync(port, null);
        }
    }

    [Fact]
    public async Task Silos_accept_the_certificates_of_the_compose_folder()
    {
        var folder = Directory.CreateTempSubdirectory("counter-test-");
        try
        {
            var problem = database.Problem ?? await Command.TryAsync("bash", $"{Path.Combine(AppContext.BaseDirectory, "certificates.sh")} {folder.FullName}");
            Assert.SkipWhen(problem is not null, problem ?? "");
            var settings = RunningSilo.FreePorts();
            settings.ClusterId = "compose";
            await using var silo = new RunningSilo(Use(settings, folder.FullName, "silo"));
            await silo.StartAsync();
            using var connection = new OrleansConnection(
                Use(new ClusterSettings { ClusterId = settings.ClusterId }, folder.FullName, "gateway"), TimeProvider.System, NullLoggerFactory.Instance);
            await connection.StartAsync(Stop);
            await Wait.UntilAsync(() => connection.Client is not null, "the gateway to be let in");
            await connection.StopAsync(Stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("certificate.pem", "", "", "belong together: set all of them, or none.")]
    [InlineData("certificate.pem", "key.pem", "missing.pem", "cannot be used: Could not find file")]
    [InlineData("key.pem", "key.pem", "authority.pem", "cannot be used: ")]
    public void Unusable_files_print_one_line(string certificate, string key, string of, string problem)
    {
        var settings = new ClusterSettings { CertificateFile = authority.File(certificate), CertificateKeyFile = authority.File(key), AuthorityFile = authority.File(of) };
        Assert.Contains(problem, Assert.Throws<SettingException>(() => ClusterTls.Read(settings)).Message, StringComparison.Ordinal);
    }

    /// <summary>A silo that lets a connection in waits for what it says; one that does not ends it.</summary>
    private static async Task IsNotLetInAsync(int port, X509Certificate2? certificate)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Stop);
        await using var stream = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "localhost", ClientCertificates = certificate is null ? [] : [certificate] }, Stop);
            Assert.Equal(0, await stream.ReadAsync(new byte[1], Stop).AsTask().WaitAsync(Deadline, Stop));
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // It was ended meanwhile.
        }
    }

    private ClusterSettings Silo() => Use(RunningSilo.FreePorts(), Path.GetDirectoryName(authority.File("key.pem"))!, "");

    private ClusterSettings Use(ClusterSettings settings, string folder, string name)
    {
        (settings.Store, settings.ConnectionString) = (ClusterSettings.Postgres, database.ConnectionString);
        (settings.CertificateFile, settings.CertificateKeyFile, settings.AuthorityFile) = (File("certificate.pem"), File("key.pem"), File("authority.pem"));
        settings.Tls = ClusterTls.Read(settings);
        return settings;

        string File(string file) => Path.Combine(folder, name, file);
    }
}
