using Counter.Gateway.Operations.Certificates;
using Counter.Gateway.Tests.Support;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>The certificate of a new connection, by Kestrel's settings, before and after a renewal.</summary>
public sealed class CertificateRenewalTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("counter-test-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task The_default_certificate_is_renewed_for_endpoints_that_have_none_of_their_own()
    {
        var before = Write("default");
        await using var gateway = await RunningGateway.StartAsync(
            [.. Settings("Certificates:Default", "default"), "--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0"]);
        Assert.Equal(before.Thumbprint, (await Handshake.AskAsync(gateway.Address)).Certificate);
        var after = Write("default");
        gateway.Clock.Advance(CertificateRenewal.Round);
        Assert.Equal(before.Thumbprint, (await Handshake.AskAsync(gateway.Address)).Certificate);
        await AdvanceUntilRenewedAsync(gateway, after);
    }

    [Fact]
    public async Task Each_host_of_an_endpoint_has_its_own_certificate()
    {
        string[] hosts = ["other", "a.example.com", "*.example.com", "*.b.example.com"];
        var files = hosts.ToDictionary(host => host, host => host.Replace('*', 'x'));
        var before = hosts.ToDictionary(host => host, host => Write(files[host]));
        await using var gateway = await RunningGateway.StartAsync(
        [
            "--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0",
            .. Settings("Endpoints:Https:Certificate", files["other"]),
            .. hosts[1..].SelectMany(host => Settings($"Endpoints:Https:Sni:{host}:Certificate", files[host])),
            "--Kestrel:Endpoints:Https:Sni:*:Protocols=Http1",
        ]);
        await AssertAllAsync(before);

        // One that is renewed leaves the others as they are.
        var one = Write(files["*.example.com"]);
        await AdvanceUntilRenewedAsync(gateway, one, "c.example.com");
        await AssertAllAsync(new Dictionary<string, CertificatePair>(before) { ["*.example.com"] = one });
        var after = hosts.ToDictionary(host => host, host => Write(files[host]));
        await AdvanceUntilRenewedAsync(gateway, after["other"], "elsewhere.example");
        await AssertAllAsync(after);

        async Task AssertAllAsync(IReadOnlyDictionary<string, CertificatePair> expected)
        {
            (string Asked, string Named)[] all =
            [
                ("elsewhere.example", "other"), ("a.example.com", "a.example.com"), ("A.Example.com", "a.example.com"),
                ("c.example.com", "*.example.com"), ("a.b.example.com", "*.b.example.com"),
            ];
            foreach (var (asked, named) in all)
            {
                Assert.Equal((asked, expected[named].Thumbprint), (asked, (await Handshake.AskAsync(gateway.Address, asked)).Certificate));
            }
        }
    }

    [Fact]
    public async Task Each_endpoint_has_its_own_certificate_and_chain()
    {
        Write("one");
        var other = Write("other");
        await using var gateway = await RunningGateway.StartAsync(
        [
            "--Kestrel:Endpoints:One:Url=https://127.0.0.1:0", .. Settings("Endpoints:One:Certificate", "one"),
            "--Kestrel:Endpoints:Other:Url=https://127.0.0.1:0", .. Settings("Certificates:Default", "other"),
        ]);
        var addresses = gateway.App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a)).ToList();
        var after = Write("one");
        await AdvanceUntilRenewedAsync(gateway, after);
        Assert.Equal(after.IssuerThumbprint, Assert.Single((await Handshake.AskAsync(addresses[0])).Chain, c => c != after.Thumbprint));
        Assert.Equal(other.Thumbprint, (await Handshake.AskAsync(addresses[1])).Certificate);
    }

    private static Task AdvanceUntilRenewedAsync(RunningGateway gateway, CertificatePair pair, string host = "localhost") => Wait.UntilAsync(
        async () =>
        {
            gateway.Clock.Advance(CertificateRenewal.Round);
            return (await Handshake.AskAsync(gateway.Address, host)).Certificate == pair.Thumbprint;
        },
        "the renewed certificate");

    private string[] Settings(string section, string name) =>
        [$"--Kestrel:{section}:Path={directory.FullName}/{name}.pem", $"--Kestrel:{section}:KeyPath={directory.FullName}/{name}.key"];

    private CertificatePair Write(string name)
    {
        var pair = CertificatePair.Make();
        File.WriteAllText(Path.Combine(directory.FullName, name + ".pem"), pair.Chain);
        File.WriteAllText(Path.Combine(directory.FullName, name + ".key"), pair.Key);
        return pair;
    }
}
