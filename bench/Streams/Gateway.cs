namespace Counter.Streams;

/// <summary>This repository's gateway with its silo, as <c>dotnet build -c Release</c> or <c>dotnet publish</c> makes it.</summary>
/// <param name="name">The name in the tables.</param>
/// <param name="program">The file of the gateway's program.</param>
/// <param name="settings">Settings that differ from the defaults, as environment variables.</param>
internal sealed class Gateway(string name, string program, params (string Name, string Value)[] settings) : Contender(name)
{
    private static readonly HttpClient Http = new();

    private Uri? address;

    /// <summary>The file that <c>bench/run</c> publishes.</summary>
    public static string Program => Path.GetFullPath("artifacts/bench/gateway/Counter.Gateway");

    /// <summary>Makes Counter send every change, as the other servers do. By default it sends less often to many viewers.</summary>
    public static (string, string) SameRate => ("Streaming__FramesPerSecondToAll", "0");

    /// <summary>What the gateway serves HTTP/2 over TLS with. Null for HTTP/1.1 without TLS.</summary>
    public Certificate? Certificate { get; init; }

    /// <summary>Whether the viewers identify as Chromium, whose streams are compressed and probed.</summary>
    public bool IsSeenByChromium { get; init; }

    protected override string Browser => IsSeenByChromium ? " Chrome/156.0" : "";

    public override ServerProcess Start(int port)
    {
        var data = Directory.CreateTempSubdirectory("counter-streams-").FullName;
        address = new Uri($"http://127.0.0.1:{port}");
        return ServerProcess.Start(
            port,
            program,
            [],
            [
                ("Kestrel__Endpoints__Bench__Url", $"{(Certificate is null ? "http" : "https")}://127.0.0.1:{port}"),
                ("Kestrel__Certificates__Default__Path", Certificate?.File ?? ""), ("Kestrel__Certificates__Default__KeyPath", Certificate?.KeyFile ?? ""),
                ("Data__Directory", data), ("Logging__LogLevel__Default", "Warning"),
                ("Limits__Streams", "25000"), ("Limits__PagesPerSite", "25000"), ("Limits__StreamsPerPage", "25000"), .. settings,
            ],
            leaves: data,
            Processors);
    }

    public override Task<byte[]> PictureAsync(int number) => Http.GetByteArrayAsync(new Uri(address!, $"/preview.png?n={number}"));
}
