using System.Globalization;
using Npgsql;

namespace Counter.Load;

/// <summary>The counters of a database on this machine, and the CPU time of its server's processes, including ended ones.</summary>
internal sealed record DatabaseState(DateTimeOffset At, long Transactions, long Wal, double CpuSeconds)
{
    // Clock ticks a second in the process statistics of every common Linux kernel.
    private const double ClockTicks = 100;

    /// <summary>Reads the state from the database, as a superuser, and from the operating system.</summary>
    public static async Task<DatabaseState> ReadAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            "SELECT (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()), pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint, split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int");
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new DatabaseState(DateTimeOffset.UtcNow, row.GetInt64(0), row.GetInt64(1), ReadCpuSeconds(row.GetInt32(2)));
    }

    /// <summary>The difference to a later state as text.</summary>
    public string Until(DatabaseState later)
    {
        var time = (later.At - At).TotalSeconds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(later.Transactions - Transactions) / time:0} transactions/s, {100 * (later.CpuSeconds - CpuSeconds) / time:0.0} % of a core, {(later.Wal - Wal) / time / 1e3:0} kB/s written ahead");
    }

    private static double ReadCpuSeconds(int postmaster)
    {
        var ticks = 0L;
        foreach (var process in Directory.GetDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out _)))
        {
            try
            {
                var fields = File.ReadAllText(Path.Combine(process, "stat")).Split(") ")[^1].Split(' ');
                var isServer = Path.GetFileName(process) == postmaster.ToString(CultureInfo.InvariantCulture);
                if (isServer || fields[1] == postmaster.ToString(CultureInfo.InvariantCulture))
                {
                    ticks += fields[11..(isServer ? 15 : 13)].Sum(f => long.Parse(f, CultureInfo.InvariantCulture));
                }
            }
            catch (IOException)
            {
                // The process has ended.
            }
        }

        return ticks / ClockTicks;
    }
}
