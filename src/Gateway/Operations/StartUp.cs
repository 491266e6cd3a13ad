using Counter.Grains.Hosting;
using Counter.Grains.Local;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Counter.Gateway.Operations;

/// <summary>Runs the gateway for an operator. A failed start prints one clear line, not a stack trace.</summary>
internal static class StartUp
{
    private const string Help = """
        Counter: a live "users online" for any page, as a plain image.

          --urls http://*:8080           the address to listen on; by default http://*:9192
          --Data:Directory=/var/counter  the directory of all data; by default data below the current one
          --Section:Name=value           any other setting (docs/configuration.md); as an environment variable Section__Name
          --version, --help

          counter backup FILE            copies the database to a new file while Counter runs

        Open http://localhost:9192/ to make a counter, /monitor to watch it.
        """;

    /// <summary>Runs until the process is stopped.</summary>
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

            // A first start prints the operator's key: no warning comes between the key and where to use it.
            Announce(app);
            CommandLineSecrets.Warn((IConfigurationRoot)app.Configuration, app.Logger);
            app.Services.GetRequiredService<ConnectionLimit>().WarnOfSystem();
            await app.WaitForShutdownAsync();
        }

        return 0;
    }

    private static int Fail(Exception exception)
    {
        // An operator can act on the innermost reason.
        var reason = exception is AggregateException or IOException ? exception.GetBaseException() : exception;
        var text = exception is IOException && reason != exception ? exception.Message : reason.Message;
        if (exception.InnerException is AddressInUseException)
        {
            text += " Stop the program that uses it, or set Urls to another port.";
        }

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
