using System.Globalization;
using System.Text;

namespace Counter.Streams;

/// <summary>A measured server of live pictures.</summary>
/// <param name="name">The name in the tables.</param>
internal abstract class Contender(string name)
{
    /// <summary>The bytes that are sent with every frame, and once before the first.</summary>
    public static readonly byte[] Marker = "--counter-frame\r\n"u8.ToArray();

    /// <summary>The name in the tables.</summary>
    public string Name => name;

    /// <summary>Whether the server counts its viewers itself, so that a join or leave is a change.</summary>
    public virtual bool Counts => true;

    /// <summary>Whether the server sends a frame to a new viewer without a change.</summary>
    public virtual bool SendsOnJoin => true;

    /// <summary>
    /// Whether the server also sends frames without a change. They cannot be distinguished from those of a change, so only idle streams are
    /// measured.
    /// </summary>
    public bool IsNeverQuiet { get; init; }

    /// <summary>The number of pages that the viewers are spread over, where the server supports pages.</summary>
    public int Pages { get; set; } = 1;

    /// <summary>Starts the server on the first processor.</summary>
    public abstract ServerProcess Start(int port);

    /// <summary>The request of a stream. Each stream has its own visitor, because thousands of streams of one browser are not realistic.</summary>
    public string Request(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"GET /online.png?site=load.example&page=/{number % Pages} HTTP/1.1\r\nHost: load.example\r\nUser-Agent: Mozilla/5.0 load/{number}{Browser}\r\nAccept: image/avif,image/webp,*/*;q=0.8\r\nAccept-Encoding: gzip, deflate\r\nAccept-Language: en\r\nReferer: http://load.example/\r\n\r\n");

    /// <summary>The end of the viewers' user agent.</summary>
    protected virtual string Browser => "";

    /// <summary>Pushes a frame to all viewers, where the server does not count them itself.</summary>
    public virtual Task PublishAsync(Uri server, int number) => throw new NotSupportedException();
}

/// <summary>This repository's gateway, as <c>dotnet build -c Release</c> or <c>dotnet publish</c> makes it.</summary>
/// <param name="name">The name in the tables.</param>
/// <param name="program">The file of the gateway's program.</param>
/// <param name="settings">Settings that differ from the defaults, as environment variables.</param>
internal sealed class Gateway(string name, string program, params (string Name, string Value)[] settings) : Contender(name)
{
    private readonly string scheme = settings.Any(setting => setting.Name.Contains("Certificate", StringComparison.Ordinal)) ? "https" : "http";

    /// <summary>The file that <c>bench/run</c> publishes.</summary>
    public static string Program => Path.GetFullPath("artifacts/bench/gateway/Counter.Gateway");

    /// <summary>Whether the viewers identify as Chromium, whose streams are compressed and probed.</summary>
    public bool IsSeenByChromium { get; init; }

    protected override string Browser => IsSeenByChromium ? " Chrome/156.0" : "";

    public override ServerProcess Start(int port)
    {
        var data = Directory.CreateTempSubdirectory("counter-streams-").FullName;
        return ServerProcess.Start(
            port,
            program,
            [],
            [
                ("Kestrel__Endpoints__Bench__Url", $"{scheme}://127.0.0.1:{port}"), ("Data__Directory", data), ("Logging__LogLevel__Default", "Warning"),
                ("Limits__Streams", "25000"), ("Limits__PagesPerSite", "25000"), ("Limits__StreamsPerPage", "25000"), .. settings,
            ],
            leaves: data);
    }
}

/// <summary>nginx with nchan (Debian's libnginx-mod-nchan), which pushes published messages.</summary>
internal sealed class Nchan() : Contender("nginx + nchan")
{
    // As large as Counter's frame of the default style with the bytes between two frames, so that both servers send the same amount.
    private static readonly byte[] Frame =
        [.. Enumerable.Repeat((byte)'x', 503), .. "\r\n--counter-frame\r\nContent-Type: image/png\r\n\r\n"u8];

    private static readonly HttpClient Http = new();

    public override bool Counts => false;

    public override bool SendsOnJoin => false;

    public override ServerProcess Start(int port)
    {
        var folder = Directory.CreateTempSubdirectory("counter-nchan-").FullName;
        File.WriteAllText(Path.Combine(folder, "nginx.conf"), $$"""
            load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
            daemon off;
            master_process off;
            error_log {{folder}}/error.log;
            pid {{folder}}/pid;
            worker_rlimit_nofile 20000;
            events { worker_connections 25000; }
            http {
              access_log off;
              client_body_temp_path {{folder}};
              nchan_shared_memory_size 256m;
              server {
                listen 127.0.0.1:{{port}} backlog=4096;
                location = /online.png { nchan_subscriber http-raw-stream; nchan_subscriber_http_raw_stream_separator ""; nchan_subscriber_first_message newest; nchan_channel_id page; nchan_subscriber_timeout 0; }
                location = /publish { nchan_publisher; nchan_channel_id page; nchan_message_buffer_length 1; }
              }
            }
            """);
        return ServerProcess.Start(port, "/usr/sbin/nginx", ["-c", Path.Combine(folder, "nginx.conf"), "-e", Path.Combine(folder, "error.log")], [], leaves: folder);
    }

    public override async Task PublishAsync(Uri server, int number)
    {
        Encoding.ASCII.GetBytes(number.ToString("D15", CultureInfo.InvariantCulture), Frame);
        using var answer = await Http.PostAsync(new Uri(server, "/publish"), new ByteArrayContent(Frame));
        answer.EnsureSuccessStatusCode();
    }
}

/// <summary>The loop in <c>Epoll/server.c</c>, which shows the limit of the machine.</summary>
/// <param name="program">The compiled program.</param>
internal sealed class EpollLoop(string program) : Contender("epoll loop in C")
{
    public override ServerProcess Start(int port) => ServerProcess.Start(port, program, [port.ToString(CultureInfo.InvariantCulture), "503"], [], leaves: null);
}
