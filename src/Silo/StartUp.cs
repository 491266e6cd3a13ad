using System.Data.Common;
using Counter.Grains.Hosting;

namespace Counter.Silo;

/// <summary>Runs the silo for an operator. An error at the start is one clear line, not a stack trace.</summary>
internal static class StartUp
{
    /// <summary>Runs until the process gets a signal to stop.</summary>
    /// <returns>The exit code: 0 after a proper stop, 1 when it could not start.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var app = SiloApp.Build(args, out var settings);
            if (settings.Store == ClusterSettings.Postgres)
            {
                await PrepareAsync(settings);
            }

            await app.StartAsync();
            Console.WriteLine($"The silo of '{settings.ClusterId}' is running on ports {settings.SiloPort} and {settings.GatewayPort}. Press Ctrl+C to stop.");
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine("counter-silo: " + (e is SettingException ? e : e.GetBaseException()).Message.ReplaceLineEndings(" "));
            return 1;
        }
    }

    private static async Task PrepareAsync(ClusterSettings settings)
    {
        try
        {
            await PostgresStore.PrepareAsync(settings.ConnectionString, CancellationToken.None);
        }
        catch (DbException e)
        {
            throw new SettingException($"The database of Cluster:ConnectionString cannot be used: {e.GetBaseException().Message}");
        }
    }
}
