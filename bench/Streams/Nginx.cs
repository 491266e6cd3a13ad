using System.Globalization;
using System.Net;
using System.Text;

namespace Counter.Streams;

/// <summary>Starts nginx with one worker, which logs no requests.</summary>
internal static class Nginx
{
    /// <param name="port">The port that it listens on.</param>
    /// <param name="certificate">What it serves HTTP/2 over TLS with. Null for HTTP/1.1 without TLS.</param>
    /// <param name="http">The rest of the http block.</param>
    /// <param name="locations">The locations of its server.</param>
    /// <param name="processors">The processors that it runs on.</param>
    public static ServerProcess Start(int port, Certificate? certificate, string http, string locations, string processors)
    {
        var folder = Directory.CreateTempSubdirectory("counter-nginx-").FullName;
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
              {{(certificate is null ? "" : $"ssl_certificate {certificate.File}; ssl_certificate_key {certificate.KeyFile};")}}
              {{http}}
              server {
                listen 127.0.0.1:{{port}} {{(certificate is null ? "" : "ssl http2")}} backlog=4096;
                {{locations}}
              }
            }
            """);
        return ServerProcess.Start(
            port, "/usr/sbin/nginx", ["-c", Path.Combine(folder, "nginx.conf"), "-e", Path.Combine(folder, "error.log")], [], leaves: folder, processors);
    }
}

/// <summary>nginx with nchan (Debian's libnginx-mod-nchan), which pushes published messages.</summary>
/// <param name="certificate">What it serves HTTP/2 over TLS with. Null for HTTP/1.1 without TLS.</param>
internal sealed class Nchan(Certificate? certificate = null) : Contender("nginx + nchan")
{
    // As large as Counter's frame of the default style with the bytes between two frames, so that both servers send the same amount.
    private const int PictureLength = 503;
    private static readonly byte[] Frame =
        [.. Enumerable.Repeat((byte)'x', PictureLength), .. "\r\n--counter-frame\r\nContent-Type: image/png\r\n\r\n"u8];

    private static readonly HttpClient Http = new();

    private Uri? publisher;

    public override bool Counts => false;

    public override bool SendsOnJoin => false;

    public override ServerProcess Start(int port)
    {
        // Over HTTP/2 the response of nchan begins with its first message, so that viewers are sent the last one.
        var first = certificate is null ? "newest" : "oldest";

        // Who publishes does not use TLS.
        var publishing = ServerProcess.FreePort();
        publisher = new Uri($"http://127.0.0.1:{publishing}/publish");
        return Nginx.Start(
            port,
            certificate,
            $$"""
            nchan_shared_memory_size 256m;
              server {
                listen 127.0.0.1:{{publishing}};
                location = /publish { nchan_publisher; nchan_channel_id page; nchan_message_buffer_length 1; }
              }
            """,
            $$"""
            location = /online.png {
                  nchan_subscriber http-raw-stream;
                  nchan_subscriber_http_raw_stream_separator "";
                  nchan_subscriber_first_message {{first}};
                  nchan_subscriber_timeout 0;
                  nchan_channel_id page;
                }
            """,
            Processors);
    }

    public override Task<byte[]> PictureAsync(int number) => Task.FromResult(Encoding.ASCII.GetBytes(number.ToString("D16", CultureInfo.InvariantCulture)));

    public override async Task PublishAsync(int number)
    {
        var picture = await PictureAsync(number);
        picture.CopyTo(Frame, PictureLength - picture.Length);
        using var answer = await Http.PostAsync(publisher, new ByteArrayContent(Frame));
        answer.EnsureSuccessStatusCode();
    }
}

/// <summary>A gateway behind nginx, with the settings of docs/proxy.md: HTTP/2 over TLS to browsers, HTTP/1.1 to the gateway.</summary>
/// <param name="gateway">The gateway, without TLS.</param>
/// <param name="certificate">The certificate of nginx.</param>
internal sealed class BehindNginx(Gateway gateway, Certificate certificate) : Contender(gateway.Name)
{
    public override ServerProcess Start(int port)
    {
        var behind = gateway.Start(ServerProcess.FreePort());
        try
        {
            var server = StartNginx(port, behind.Address);
            server.Behind = behind;
            return server;
        }
        catch
        {
            behind.Dispose();
            throw;
        }
    }

    public override Task<byte[]> PictureAsync(int number) => gateway.PictureAsync(number);

    private ServerProcess StartNginx(int port, IPEndPoint behind) => Nginx.Start(
        port,
        certificate,
        http: "",
        $$"""
        location / {
              proxy_pass http://{{behind}};
              proxy_http_version 1.1;
              proxy_buffering off;
              postpone_output 0;
              proxy_read_timeout 1h;
              proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_set_header Connection "";
            }
        """,
        Processors);
}
