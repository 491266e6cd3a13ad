using System.Diagnostics;

namespace Counter.Gateway.Tests.Support;

/// <summary>Runs programs of the system that a test needs.</summary>
internal static class Command
{
    /// <summary>Runs a program to its end.</summary>
    /// <returns>The error; null when it succeeded.</returns>
    public static async Task<string?> TryAsync(string program, string arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = await process.StandardError.ReadToEndAsync();
            await output;
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : $"{program} {arguments}: {errors.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"{program}: {e.Message}";
        }
    }

    /// <exception cref="InvalidOperationException">The program failed.</exception>
    public static async Task RunAsync(string program, string arguments)
    {
        if (await TryAsync(program, arguments) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }
    }
}
