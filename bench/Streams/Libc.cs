using System.Buffers.Binary;
using System.ComponentModel;
using System.Net;
using System.Runtime.InteropServices;

namespace Counter.Streams;

/// <summary>
/// The few Linux calls that <see cref="Crowd"/> needs. A .NET socket takes more time for a read than the kernel does, on the core that also
/// takes all measurements.
/// </summary>
internal static partial class Libc
{
    public const uint In = 0x001;
    public const uint Out = 0x004;
    public const int Again = 11;
    public const int InProgress = 115;

    private const int Ipv4 = 2;
    private const int Stream = 1;
    private const int NonBlocking = 0x800;
    private const int Tcp = 6;
    private const int NoDelay = 1;

    // The kernel chooses the port when the socket connects, so several programs may use the same port to different servers.
    private const int IpLevel = 0;
    private const int BindAddressNoPort = 24;
    private const int SocketLevel = 1;
    private const int Linger = 13;
    private const int NoSignal = 0x4000;

    private const int Add = 1;
    private const int Modify = 3;

    // linux/eventpoll.h packs the structure only on x86-64.
    private static readonly bool Packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>The size of one event in bytes.</summary>
    public static int EventLength => Packed ? 12 : 16;

    /// <summary>Creates an epoll instance.</summary>
    public static int CreatePoll() => Check(epoll_create1(0), "epoll_create1");

    /// <summary>Adds a socket to an epoll instance.</summary>
    public static void Watch(int poll, int socket, uint events, int number) => Control(poll, Add, socket, events, number);

    /// <summary>Changes the events of a socket.</summary>
    public static void Rewatch(int poll, int socket, uint events, int number) => Control(poll, Modify, socket, events, number);

    /// <summary>Waits for events; 0 when none came in time.</summary>
    public static int Wait(int poll, Span<byte> events, int milliseconds)
    {
        var count = epoll_wait(poll, ref MemoryMarshal.GetReference(events), events.Length / EventLength, milliseconds);
        return count < 0 ? 0 : count;
    }

    /// <summary>Reads one event.</summary>
    public static (uint Events, int Number) Event(ReadOnlySpan<byte> events, int index)
    {
        var one = events.Slice(index * EventLength, EventLength);
        return (BinaryPrimitives.ReadUInt32LittleEndian(one), BinaryPrimitives.ReadInt32LittleEndian(one[(Packed ? 4 : 8)..]));
    }

    /// <summary>Makes a non-blocking socket and begins to connect it from an address.</summary>
    public static int Connect(IPEndPoint to, IPAddress from)
    {
        var socket = Check(Libc.socket(Ipv4, Stream | NonBlocking, 0), "socket");
        var one = 1;
        Check(setsockopt(socket, Tcp, NoDelay, ref one, sizeof(int)), "setsockopt");
        Check(setsockopt(socket, IpLevel, BindAddressNoPort, ref one, sizeof(int)), "setsockopt");
        Span<byte> address = stackalloc byte[16];
        Write(address, from, 0);
        Check(bind(socket, ref MemoryMarshal.GetReference(address), address.Length), "bind");
        Write(address, to.Address, to.Port);
        if (connect(socket, ref MemoryMarshal.GetReference(address), address.Length) != 0 && Marshal.GetLastPInvokeError() != InProgress)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "connect");
        }

        return socket;
    }

    /// <summary>Sends the bytes that fit; -1 with the last error set.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> bytes) =>
        (int)send(socket, ref MemoryMarshal.GetReference(bytes), (nuint)bytes.Length, NoSignal);

    /// <summary>Receives the available bytes; 0 at the end of the stream, -1 with the last error set.</summary>
    public static int Receive(int socket, Span<byte> bytes) =>
        (int)recv(socket, ref MemoryMarshal.GetReference(bytes), (nuint)bytes.Length, 0);

    /// <summary>Closes a socket, normally or with a reset. A normal close may block its port for a minute.</summary>
    public static void Close(int socket, bool reset = false)
    {
        if (reset)
        {
            var on = 1L;
            _ = setsockopt(socket, SocketLevel, Linger, ref on, sizeof(long));
        }

        _ = close(socket);
    }

    private static void Control(int poll, int operation, int socket, uint events, int number)
    {
        Span<byte> one = stackalloc byte[EventLength];
        BinaryPrimitives.WriteUInt32LittleEndian(one, events);
        BinaryPrimitives.WriteInt32LittleEndian(one[(Packed ? 4 : 8)..], number);
        Check(epoll_ctl(poll, operation, socket, ref MemoryMarshal.GetReference(one)), "epoll_ctl");
    }

    private static void Write(Span<byte> to, IPAddress address, int port)
    {
        to.Clear();
        BinaryPrimitives.WriteInt16LittleEndian(to, Ipv4);
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)port);
        address.TryWriteBytes(to[4..], out _);
    }

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError(), call);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int poll, int operation, int socket, ref byte change);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int poll, ref byte events, int most, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int socket, int level, int option, ref int value, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int socket, int level, int option, ref long value, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(int socket, ref byte address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(int socket, ref byte address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int socket, ref byte bytes, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int socket, ref byte bytes, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int socket);
}
