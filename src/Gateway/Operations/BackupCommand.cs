using Counter.Gateway.Settings;
using Counter.Grains.Hosting;
using Counter.Grains.Local;

namespace Counter.Gateway.Operations;

/// <summary>Runs <c>counter backup FILE</c>.</summary>
internal static class BackupCommand
{
    public const string Name = "backup";

    /// <summary>Copies the database to a new file. Another process may use it meanwhile.</summary>
    /// <param name="args">The command line: the command, the file and settings.</param>
    /// <returns>A sentence for the operator.</returns>
    /// <exception cref="SettingException">An argument is wrong, or the data is in another store.</exception>
    /// <exception cref="DataDirectoryException">There is no database, or the file cannot be written.</exception>
    public static string Run(string[] args)
    {
        if (args is not [Name, { Length: > 0 } file, .. var settings] || file[0] == '-')
        {
            throw new SettingException("A backup needs a file to write to: counter backup FILE.");
        }

        // Checks all settings, as a start does: with a misspelt Data:Directory the backup would copy other data.
        var builder = CounterApp.CreateBuilder(settings);
        var cluster = ClusterSettings.Read(builder.Services, builder.Configuration);
        if (!cluster.IsLocal)
        {
            var tool = cluster.Store == ClusterSettings.Postgres ? ": pg_dump of the database" : "";
            throw new SettingException($"Cluster:Store is {cluster.Store}, which has its own tools for backups{tool}.");
        }

        var to = Path.GetFullPath(file);
        var from = SqliteBackup.Write(builder.Services.AddSettings<DataOptions>(builder.Configuration, "Data").Directory, to);
        return $"Copied {from} to {to}.";
    }
}
