using System.Diagnostics;
using System.Text.RegularExpressions;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Documentation;

/// <summary>Commands and addresses on pages work: they are run against a gateway, with its address and key in place of theirs.</summary>
public sealed partial class CommandTests
{
    private const string Shown = "http://localhost:9192";

    // NOT RUN: pages whose commands are for what is not here, and why.
    private static readonly Dictionary<string, string> PagesNotRun = new()
    {
        ["docs/azure.md"] = "a subscription of Azure; Deploy.Tests compiles what it deploys",
        ["docs/azure-reference.md"] = "a subscription of Azure",
        ["deploy/compose/README.md"] = "Docker",
        ["docs/install.md"] = "systemd and a release; Deploy.Tests verify the unit, Grains.Tests publish one file and make a backup",
    };

    // NOT RUN: commands that begin so, and why.
    private static readonly Dictionary<string, string> CommandsNotRun = new()
    {
        ["dotnet build "] = "builds; these tests are built so",
        ["dotnet publish "] = "builds",
        ["dotnet run "] = "builds, and runs until it is stopped; StartUpTests start gateways, and ConfigurationTests know the settings",
        ["silo/Counter.Silo "] = "a database",
        ["gateway/Counter.Gateway "] = "a database",
        ["tests/run"] = "runs this test",
        ["COUNTER_WRITE_DOCS=1 tests/run "] = "runs this test",
        ["COUNTER_TABLE=1 dotnet "] = "takes minutes, and prints a table to be looked at",
        ["ffmpeg "] = "publishes until it is stopped; the tests in browsers run it",
        ["gst-launch-1.0 "] = "publishes until it is stopped; the tests in browsers run it",
        ["ffplay "] = "shows a window until it is closed",
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(PagesWithCommands))]
    public async Task Commands_succeed(string page)
    {
        Assert.SkipWhen(await Command.TryAsync("curl", "--version") is not null, "curl is not installed.");
        await using var gateway = await RunningGateway.StartAsync();
        var folder = Directory.CreateTempSubdirectory("counter-commands-");
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "picture.jpg"), await gateway.PreviewAsync("n=3", "jpg"), Cancelled);
            foreach (var command in ShellBlock.Commands(page).Where(command => ReasonOf(command) is null))
            {
                Assert.True(command.StartsWith("curl ", StringComparison.Ordinal), $"{page}: it is not known how to try '{command}'; say in this test how, or why not.");
                await RunAsync(command.Replace(Shown, gateway.Address.OriginalString.TrimEnd('/'), StringComparison.Ordinal), folder.FullName);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static TheoryData<string> PagesWithCommands() =>
        [.. MarkdownPage.ReadAll().Select(page => page.Path).Where(page => !PagesNotRun.ContainsKey(page) && ShellBlock.Commands(page).Exists(command => ReasonOf(command) is null))];

    [Fact]
    public void Every_excluded_command_is_on_a_page()
    {
        var commands = MarkdownPage.ReadAll().Where(page => !PagesNotRun.ContainsKey(page.Path)).SelectMany(page => ShellBlock.Commands(page.Path)).ToList();
        Assert.All(CommandsNotRun.Keys, start => Assert.Contains(commands, command => command.StartsWith(start, StringComparison.Ordinal)));
        Assert.All(PagesNotRun.Keys, page => Assert.NotEmpty(ShellBlock.Commands(page)));
        Assert.Superset(new HashSet<string>(["docs/api.md", "docs/numbers.md", "docs/polls.md", "docs/relay.md"]), PagesWithCommands().Select(row => row.Data).ToHashSet());
    }

    [Fact]
    public async Task Addresses_on_pages_are_answered()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var picture = new ByteArrayContent(await gateway.PreviewAsync("n=3", "jpg"));
        await SendAsync(HttpMethod.Put, "/relay/cam", picture);
        var addresses = MarkdownPage.ReadAll().SelectMany(page => Address().Matches(ShellBlock.Without(page.Path)).Select(match => (page.Path, To: match.Groups["to"].Value)))
            .Where(address => !address.To.Contains('…')).Distinct().ToList();
        Assert.True(addresses.Count >= 15, $"Only {addresses.Count} addresses are found.");
        foreach (var (page, to) in addresses)
        {
            using var answer = await gateway.BeginAsync(() => SendAsync(HttpMethod.Get, to));
            Assert.True(answer.IsSuccessStatusCode, $"{page}: {to} is answered {(int)answer.StatusCode}.");
        }

        async Task<HttpResponseMessage> SendAsync(HttpMethod method, string to, HttpContent? content = null)
        {
            using var request = new HttpRequestMessage(method, to) { Content = content };
            request.Headers.Referrer = new Uri("https://example.com/blog/post");
            request.Headers.Authorization = new("Bearer", RunningGateway.OperatorKey);
            return await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        }
    }

    private static string? ReasonOf(string command) =>
        CommandsNotRun.FirstOrDefault(known => (command + " ").StartsWith(known.Key, StringComparison.Ordinal)).Value;

    private static async Task RunAsync(string command, string folder)
    {
        const string Curl = "curl() { command curl --silent --show-error --fail-with-body --max-time 30 \"$@\"; }\n";
        var start = new ProcessStartInfo("bash", ["-c", Curl + command])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KEY"] = RunningGateway.OperatorKey },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancelled);
        var errors = await process.StandardError.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);
        Assert.True(process.ExitCode == 0, $"{command}\n{errors}{await output}");
    }

    [GeneratedRegex("""(http://localhost:9192|https://counter\.example)(?<to>/[^\s`"')\]\[]*)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Address();
}
