using Xunit;

namespace Counter.Deploy.Tests;

/// <summary>The compiler and its linter have nothing to say about the files, and it is heard when they have.</summary>
public sealed class CompilerTests
{
    // Each is compiled in a folder of its own, all by one process.
    private static readonly (string Name, string File, string What, string With, string Said)[] Broken =
    [
        ("syntax", "main.bicep", "param prefix string = 'counter'", "param prefix string = 'counter", "Error BCP004"),
        ("name", "main.bicep", "prefix: prefix\n    addressPrefix", "prefix: prefx\n    addressPrefix", "Error BCP082"),
        ("module", "main.bicep", "'network.bicep'", "'networks.bicep'", "Error BCP091"),
        ("parameter", "main.bicep", "    prefix: prefix\n    addressPrefix", "    addressPrefix", "Error BCP035"),
        ("output", "main.bicep", "network.outputs.siloSubnetId", "network.outputs.silosSubnetId", "Error BCP083"),
        ("value", "main.bicepparam", "param registryName ", "param registry ", "Error BCP258"),
        ("property", "storage.bicep", "allowSharedKeyAccess", "allowSharedKeysAccess", "Warning BCP089"),
        ("passed", "main.bicep", "minimumCount: 2", "minimumCuont: 2", "Warning BCP089"),
        ("version", "silo.bicep", "containerApps@2026-01-01", "containerApps@2026-01-02", "Warning BCP081"),
        ("unused", "gateway.bicep", "var port = 9192", "var port = 9192\nvar spare = 1", "Warning no-unused-vars"),
        ("key", "storage.bicep", "storage.properties.primaryEndpoints.blob", "storage.listKeys().keys[0].value", "Error outputs-should-not-contain-secrets"),
        ("default", "gateway.bicep", "param adminKey string", "param adminKey string = 'x'", "Error secure-parameter-default"),
        ("description", "main.bicep", "  @description('Where silos reach it. 36985 belongs to the platform.')\n", "", "Error use-description-type-properties"),
    ];

    private static readonly Lazy<Task<string>> Said = new(CompileBrokenAsync);

    public static TheoryData<string> Names => [.. Broken.Select(broken => broken.Name)];

    [Fact]
    public async Task NothingIsWrongWithIt() => Assert.Equal("", (await Compiled.GetAsync()).Complaints);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task WhatIsWrongIsFound(string name)
    {
        BicepCompiler.SkipWithout();
        var expected = Broken.Single(broken => broken.Name == name).Said;

        Assert.Contains((await Said.Value).Split('\n'),
            line => line.Contains($"/{name}/", StringComparison.Ordinal) && line.Contains($" : {expected}: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("11112", "11111", "every port may be used once")]
    [InlineData("30001", "36985", "every port may be used once")]
    [InlineData("},{\"name\":\"b\",\"siloPort\":11112,\"gatewayPort\":30001,\"digest\":\"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"", "", "'silos' is not valid")]
    public async Task SilosThatCannotBeAreRefused(string what, string with, string said)
    {
        BicepCompiler.SkipWithout();
        using var folder = new BicepFolder();
        var silos = Deployment.Replace("COUNTER_SILOS", BicepFolder.Environment["COUNTER_SILOS"], what, with);
        var (_, complaints, refused) = await Compiled.SnapshotAsync(folder.Copy("it"), BicepFolder.Environment.SetItem("COUNTER_SILOS", silos));

        Assert.True(refused);
        Assert.Contains(said, complaints, StringComparison.Ordinal);
    }

    private static async Task<string> CompileBrokenAsync()
    {
        using var folder = new BicepFolder();
        foreach (var (name, file, what, with, _) in Broken)
        {
            folder.Copy(name, file, what, with);
        }

        var (_, complaints, refused) = await BicepCompiler.RunAsync(BicepFolder.Environment, "lint", "--pattern", $"{folder.Root}/*/main.bicepparam", "--no-restore");
        Assert.True(refused);
        return complaints;
    }
}
