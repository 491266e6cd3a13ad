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

    /// <summary>The processors that the server runs on, as taskset takes them.</summary>
    public string Processors { get; init; } = "0";

    /// <summary>Starts the server.</summary>
    public abstract ServerProcess Start(int port);

    /// <summary>The request of a stream. Each stream has its own visitor, because thousands of streams of one browser are not realistic.</summary>
    public string Request(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"GET /online.png?site=load.example&page=/{number % Pages} HTTP/1.1\r\nHost: load.example\r\nUser-Agent: Mozilla/5.0 load/{number}{Browser}\r\nAccept: image/avif,image/webp,*/*;q=0.8\r\nAccept-Encoding: gzip, deflate\r\nAccept-Language: en\r\nReferer: http://load.example/\r\n\r\n");

    /// <summary>The end of the viewers' user agent.</summary>
    protected virtual string Browser => "";

    /// <summary>The picture of a number, or its end.</summary>
    public abstract Task<byte[]> PictureAsync(int number);

    /// <summary>Pushes a frame to all viewers, where the server does not count them itself.</summary>
    public virtual Task PublishAsync(int number) => throw new NotSupportedException();
}

/// <summary>The loop in <c>Epoll/server.c</c>, which shows the limit of the machine.</summary>
/// <param name="program">The compiled program.</param>
internal sealed class EpollLoop(string program) : Contender("epoll loop in C")
{
    public override ServerProcess Start(int port) =>
        ServerProcess.Start(port, program, [port.ToString(CultureInfo.InvariantCulture), "503"], [], leaves: null, Processors);

    public override Task<byte[]> PictureAsync(int number) => Task.FromResult(Encoding.ASCII.GetBytes(number.ToString("D15", CultureInfo.InvariantCulture) + '\0'));
}
