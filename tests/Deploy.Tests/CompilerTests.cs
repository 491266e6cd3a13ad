using Xunit;

namespace Counter.Deploy.Tests;

/// <summary>The compiler and its linter have no complaint about the files, and their complaints fail a test.</summary>
public sealed class CompilerTests
{
    // All are compiled at once: none hides another.
    private static readonly (string File, string What, string With, string Expected)[] Broken =
    [
        ("main.bicep", "param logDays int = 30", "param logDays int = 30 40", "Error BCP019"),
        ("main.bicep", "prefix: prefix\n    addressPrefix", "prefix: prefx\n    addressPrefix", "Error BCP057"),
        ("main.bicep", "'silo.bicep'", "'silos.bicep'", "Error BCP091"),
        ("main.bicep", "    name: '${prefix}-public'\n", "", "Error BCP035"),
        ("main.bicep", "network.outputs.siloSubnetId", "network.outputs.silosSubnetId", "Error BCP083"),
        ("main.bicep", "minimumCount: 2", "minimumCuont: 2", "Warning BCP089"),
        ("main.bicep", "  @description('Where silos reach it. 36985 belongs to the platform.')\n", "", "Error use-description-type-properties"),
        ("main.bicepparam", "param registryName ", "param registry ", "Error BCP258"),
        ("registry.bicep", "adminUserEnabled", "adminUsersEnabled", "Warning BCP089"),
        ("gateway.bicep", "containerApps@2026-01-01", "containerApps@2026-01-02", "Warning BCP081"),
        ("storage.bicep", "storage.properties.primaryEndpoints.blob", "storage.listKeys().keys[0].value", "Error outputs-should-not-contain-secrets"),
        ("gateway.bicep", "param adminKey string", "param adminKey string = 'x'", "Error secure-parameter-default"),
        ("gateway.bicep", "var port = 9192", "var port = 9192\nvar spare = 1", "Warning no-unused-vars"),
    ];

    private static readonly Lazy<Task<string[]>> Output = new(CompileBrokenAsync);

    public static TheoryData<string, string> Complaints => [.. Broken.Select(broken => (broken.File, broken.Expected))];

    [Fact]
    public async Task It_has_no_complaint() => Assert.Equal("", (await Compiled.GetAsync()).Complaints);

    [Theory]
    [MemberData(nameof(Complaints))]
    public async Task A_mistake_is_a_complaint(string file, string expected)
    {
        BicepCompiler.SkipWithout();
        Assert.Contains(await Output.Value, line => line.Contains($"/{file}(", StringComparison.Ordinal) && line.Contains($" : {expected}: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_warning_is_a_complaint()
    {
        BicepCompiler.SkipWithout();
        using var folder = new BicepFolder();
        var (_, complaints, refused) = await Compiled.BuildAsync(folder.Copy("it", ("silo.bicep", "var healthPort", "var spare = 1\nvar healthPort")));

        Assert.False(refused);
        Assert.Contains("Warning no-unused-vars", complaints, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("11112", "11111")]
    [InlineData("30001", "36985")]
    public async Task A_port_that_a_silo_cannot_use_is_refused(string what, string with)
    {
        BicepCompiler.SkipWithout();
        using var folder = new BicepFolder();
        var silos = Deployment.Replace("COUNTER_SILOS", BicepFolder.Environment["COUNTER_SILOS"], what, with);
        var (_, complaints, refused) = await Compiled.SnapshotAsync(folder.Copy("it"), BicepFolder.Environment.SetItem("COUNTER_SILOS", silos));

        Assert.True(refused);
        Assert.Contains("every port may be used once", complaints, StringComparison.Ordinal);
    }

    private static async Task<string[]> CompileBrokenAsync()
    {
        using var folder = new BicepFolder();
        var (_, complaints, refused) = await Compiled.BuildAsync(folder.Copy("it", Broken.Select(broken => (broken.File, broken.What, broken.With))));
        Assert.True(refused);
        return complaints.Split('\n');
    }
}
