using Counter.Grains.Hosting;
using Counter.Grains.Local;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Counter.Gateway.Operations;

/// <summary>Runs the gateway for an operator: what is wrong at the start is one clear line, not a stack trace.</summary>
internal static class StartUp
{
    private const string Help = """
        Counter: a live "users online" for any page, as a plain image.

          --urls http://*:8080           where to listen; http://*:9192 unless it is said
          --Data:Directory=/var/counter  where everything is kept; data below the current directory unless it is said
          --Section:Name=value           any other setting (docs/configuration.md); as an environment variable Section__Name
          --version, --help

          counter backup FILE            copies what is kept to a new file while Counter runs

        Open http://localhost:9192/ to make a counter, /monitor to see what goes on.
        """;

    /// <summary>Runs until the process is told to stop.</summary>
    /// <returns>The exit code: 0 after a proper stop, 1 when it could not start.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--help" or "-h" or "-?" or "--version", ..])
        {
            Console.WriteLine(args[0] == "--version" ? $"Counter {CounterApp.Version}" : Help);
            return 0;
        }

        WebApplication app;
        try
        {
            if (args is [BackupCommand.Name, ..])
            {
                Console.WriteLine(BackupCommand.Run(args));
                return 0;
            }

            app = CounterApp.Build(args);
        }
        catch (Exception e) when (e is SettingException or DataDirectoryException)
        {
            return Fail(e);
        }

        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            catch (Exception e) when (app.Configuration["Logging:LogLevel:Default"] is not ("Debug" or "Trace"))
            {
                return Fail(e);
            }

            CommandLineSecrets.Warn((IConfigurationRoot)app.Configuration, app.Logger);
            app.Services.GetRequiredService<ConnectionLimit>().WarnOfSystem();
            Announce(app);
            await app.WaitForShutdownAsync();
        }

        return 0;
    }

    private static int Fail(Exception exception)
    {
        // The innermost reason is the one that an operator can do something about.
        var reason = exception is AggregateException or IOException ? exception.GetBaseException() : exception;
        var text = exception is IOException && reason != exception ? exception.Message : reason.Message;
        Console.Error.WriteLine("counter: " + text.ReplaceLineEndings(" "));
        return 1;
    }

    private static void Announce(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (var address in addresses)
        {
            var open = address.Replace("//[::]:", "//localhost:", StringComparison.Ordinal)
                .Replace("//0.0.0.0:", "//localhost:", StringComparison.Ordinal);
            app.Services.GetRequiredService<OperatorConsole>().Write($"Counter is running. Open {open}/ and press Ctrl+C to stop.");
        }
    }
}
