using System.Diagnostics;
using Xunit;

namespace Counter.Deploy.Tests;

/// <summary>systemd reads <c>deploy/systemd/counter.service</c> without a complaint.</summary>
public sealed class ServiceUnitTests : IDisposable
{
    private const string Program = "/usr/local/bin/counter";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("counter-unit-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task It_has_no_complaint() => Assert.Equal("", await VerifyAsync("", ""));

    [Theory]
    [InlineData("LimitNOFILE=65536", "LimitNoFiles=65536", "Unknown key 'LimitNoFiles'")]
    [InlineData("Type=notify", "Type=notified", "notified")]
    [InlineData("@system-service", "@system-services", "@system-services")]
    [InlineData("TimeoutStopSec=40", "TimeoutStopSec=soon", "soon")]
    public async Task A_mistake_is_a_complaint(string what, string with, string expected) =>
        Assert.Contains(expected, await VerifyAsync(what, with), StringComparison.Ordinal);

    [Theory]
    [InlineData("ProtectSystem=strict")]
    [InlineData("DynamicUser=yes")]
    [InlineData("StateDirectory=counter")]
    [InlineData("NoNewPrivileges=yes")]
    [InlineData("CapabilityBoundingSet=")]
    public void It_has_few_permissions(string line) => Assert.Contains(line, File.ReadAllLines(Unit));

    private static string Unit => Path.Combine(Deployment.Repository, "deploy/systemd/counter.service");

    /// <summary>What systemd says of it, with the program that is installed replaced by one that there is.</summary>
    private async Task<string> VerifyAsync(string what, string with)
    {
        var text = await File.ReadAllTextAsync(Unit, TestContext.Current.CancellationToken);
        if (what.Length > 0)
        {
            text = Deployment.Replace("counter.service", text, what, with);
        }

        var path = Path.Combine(folder.FullName, "counter.service");
        await File.WriteAllTextAsync(path, Deployment.Replace("counter.service", text, Program, "/bin/sh"), TestContext.Current.CancellationToken);
        try
        {
            using var process = Process.Start(new ProcessStartInfo("systemd-analyze", ["verify", path]) { RedirectStandardError = true })!;
            var output = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("systemd-analyze is not installed: the unit is not verified.");
            throw;
        }
    }
}
