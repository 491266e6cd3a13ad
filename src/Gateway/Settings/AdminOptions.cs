using Counter.Grains.Hosting;

namespace Counter.Gateway.Settings;

/// <summary>The section <c>Admin</c>: who may see and steer.</summary>
internal sealed class AdminOptions
{
    // One that people can guess protects nothing.
    private const int LeastKeyLength = 32;

    /// <summary>The operator's key, at least 32 characters; set <c>Admin__Key</c> in the environment, not on the command line.</summary>
    /// <value>created at the first start</value>
    public string Key { get; set; } = "";

    /// <summary>A file whose first line is the operator's key, instead; read at the start.</summary>
    /// <value>none</value>
    /// <remarks>The command line is seen by everybody on the machine.</remarks>
    public string KeyFile { get; set; } = "";

    /// <summary>
    /// Origins whose pages may call the <see href="api.md#from-a-page-of-another-site">admin API</see> with a key, such as
    /// <c>https://dashboard.example</c>, separated by commas.
    /// </summary>
    /// <value>none</value>
    public string CorsOrigins { get; set; } = "";

    /// <summary>Returns the origins of <see cref="CorsOrigins"/> as browsers write them.</summary>
    /// <exception cref="SettingException">A value is not an origin.</exception>
    public string[] ReadCorsOrigins() =>
    [
        .. CorsOrigins.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(text => ReadOrigin(text)
            ?? throw new SettingException($"Admin:CorsOrigins has '{text}'; allowed are origins such as https://dashboard.example, separated by commas.")),
    ];

    /// <summary>The key of either; empty when neither is set.</summary>
    /// <exception cref="SettingException">There is none in the file, or it is too short.</exception>
    public string ReadKey()
    {
        if (KeyFile.Length == 0)
        {
            return Key.Length is 0 or >= LeastKeyLength ? Key : throw TooShort("Admin:Key", Key);
        }

        if (Key.Length > 0)
        {
            throw new SettingException("Admin:Key and Admin:KeyFile are both set; leave one of them out.");
        }

        string key;
        try
        {
            key = File.ReadLines(KeyFile).FirstOrDefault("").Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingException($"Admin:KeyFile cannot be read: {e.Message}");
        }

        return key.Length >= LeastKeyLength ? key : throw TooShort($"The first line of Admin:KeyFile ({KeyFile})", key);
    }

    private static string? ReadOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && Uri.CheckHostName(url.IdnHost) != UriHostNameType.Unknown
        && url.UserInfo.Length == 0 && url.PathAndQuery == "/" && url.Fragment.Length == 0
            ? new UriBuilder(url.Scheme, url.IdnHost, url.Port).Uri.GetLeftPart(UriPartial.Authority)
            : null;

    private static SettingException TooShort(string what, string key) => new(
        $"{what} has {key.Length} characters; it needs at least {LeastKeyLength}. This makes one: openssl rand -hex 32");
}
