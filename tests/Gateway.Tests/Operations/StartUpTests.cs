using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Counter.Gateway.Admin;
using Counter.Gateway.Operations;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>A failed start prints one line and ends with exit code 1.</summary>
public sealed class StartUpTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("counter-test-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task A_wrong_setting_stops_the_start() =>
        Assert.Equal("counter: Limits:Streams is '0'; allowed is a whole number from 1 to 10000000.", await FailAsync("--Limits:Streams=0"));

    [Fact]
    public async Task Too_few_descriptors_stop_the_start() => Assert.Equal(
        "counter: The system allows this process 300 open files and sockets; it needs at least 512. "
        + "Raise the limit with ulimit -n, LimitNOFILE= of a systemd unit, or ulimits of a container.",
        await FailAsync(300, "--Data:Directory=" + directory.FullName));

    [Fact]
    public async Task An_unwritable_data_directory_stops_the_start()
    {
        var file = Path.Combine(directory.FullName, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        Assert.StartsWith(
            $"counter: The data directory {file}/data cannot be written: let this process write to it, or set Data:Directory to another directory.",
            await FailAsync($"--Data:Directory={file}/data"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_in_use_stops_the_start()
    {
        await using var first = await RunningGateway.StartAsync("--Data:Directory=" + directory.FullName);
        Assert.StartsWith(
            $"counter: The data directory {directory.FullName} is in use by another process",
            await FailAsync("--Data:Directory=" + directory.FullName),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_stops_the_start()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        Assert.Contains(
            "address already in use. Stop the program that uses it, or set Urls to another port.",
            await FailAsync($"--urls=http://{taken.LocalEndpoint}", "--Data:Directory=" + directory.FullName),
            StringComparison.Ordinal);

        // The one that starts then has a key to show.
        await using var next = await RunningGateway.StartAsync("--Data:Directory=" + directory.FullName, "--Admin:Key=");
        Assert.NotNull(next.App.Services.GetRequiredService<AdminMaintenance>().FirstKey);
    }

    [Theory]
    [InlineData("--version", "Counter ")]
    [InlineData("--help", "Counter: ")]
    public async Task Help_and_version_are_printed_without_a_start(string argument, string begin)
    {
        var start = GatewayProcess.Runtime(null);
        (start.RedirectStandardOutput, start.WorkingDirectory) = (true, directory.FullName);
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Counter.Gateway.dll"));
        start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        Assert.StartsWith(begin, await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.Empty(directory.GetFileSystemInfos());
    }

    [Theory]
    [InlineData(null, "counter: Admin:KeyFile cannot be read: Could not find file '{0}'.")]
    [InlineData("", "counter: The first line of Admin:KeyFile ({0}) has 0 characters; it needs at least 32. This makes one: openssl rand -hex 32")]
    [InlineData("\nthe-second-line-has-enough-characters", "counter: The first line of Admin:KeyFile ({0}) has 0 characters; it needs at least 32. This makes one: openssl rand -hex 32")]
    [InlineData("swordfish\n", "counter: The first line of Admin:KeyFile ({0}) has 9 characters; it needs at least 32. This makes one: openssl rand -hex 32")]
    public async Task A_missing_or_empty_key_file_stops_the_start(string? text, string sentence)
    {
        var file = Path.Combine(directory.FullName, "key");
        if (text is not null)
        {
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        }

        Assert.Equal(
            string.Format(CultureInfo.InvariantCulture, sentence, file), await FailAsync($"--Admin:KeyFile={file}", $"--Data:Directory={directory.FullName}/data"));
    }

    [Fact]
    public async Task A_key_from_two_settings_stops_the_start() => Assert.Equal(
        "counter: Admin:Key and Admin:KeyFile are both set; leave one of them out.",
        await FailAsync("--Admin:KeyFile=key", "--Admin:Key=" + RunningGateway.OperatorKey, $"--Data:Directory={directory.FullName}/data"));

    [Theory]
    [InlineData("Admin:Key", "Admin__Key", ", or name a file that has it in Admin:KeyFile.")]
    [InlineData("Identity:Secret", "Identity__Secret", " instead.")]
    public void A_secret_on_the_command_line_causes_a_warning(string setting, string variable, string end)
    {
        using var log = new LogRecorder();
        using var logs = LoggerFactory.Create(builder => builder.AddProvider(log));
        var configuration = new ConfigurationManager();
        configuration.AddCommandLine([$"--{setting}=hidden-{variable}"]);
        CommandLineSecrets.Warn(configuration, logs.CreateLogger("start"));
        var (level, text) = Assert.Single(log.Lines);
        Assert.Equal(LogLevel.Warning, level);
        Assert.StartsWith($"start: {setting} is on the command line, ", text, StringComparison.Ordinal);
        Assert.Contains($"the environment variable {variable} instead", text, StringComparison.Ordinal);
        Assert.Contains(end, text, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_from_elsewhere_causes_no_warning()
    {
        using var log = new LogRecorder();
        using var logs = LoggerFactory.Create(builder => builder.AddProvider(log));
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new("Admin:Key", RunningGateway.OperatorKey)]);
        configuration.AddCommandLine(["--Admin:KeyFile=/run/secrets/key", "--Limits:Streams=5"]);
        CommandLineSecrets.Warn(configuration, logs.CreateLogger("start"));
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task The_gateway_warns_of_a_key_on_its_command_line()
    {
        await using var app = CounterApp.Build(["--Admin:Key=" + RunningGateway.OperatorKey, "--urls=http://127.0.0.1:0", "--Data:Directory=" + directory.FullName]);
        using var log = new LogRecorder();
        using var logs = LoggerFactory.Create(builder => builder.AddProvider(log));
        CommandLineSecrets.Warn((IConfigurationRoot)app.Configuration, logs.CreateLogger("start"));
        Assert.Single(log.Lines);
    }

    /// <summary>Starts a gateway that cannot start, and returns what it says: one line.</summary>
    private static Task<string> FailAsync(params string[] settings) => FailAsync(descriptors: null, settings);

    private static async Task<string> FailAsync(int? descriptors, params string[] settings)
    {
        var start = GatewayProcess.Runtime(descriptors);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Counter.Gateway.dll"), "--urls=http://127.0.0.1:0", .. settings])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
        return Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
