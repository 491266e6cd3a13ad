namespace Counter.Attack.Attackers;

/// <summary>Every attack there is.</summary>
internal static class Attacks
{
    public static IReadOnlyList<AttackKind> All { get; } =
    [
        new("descriptors", "Keeps more idle connections and event streams open than the process may have (--files).", Clients: 1600, Addresses: 40,
            ("idle", Descriptors.StayAsync),
            ("event stream", Descriptors.ListenAsync)),
        new("unread", "Asks, and never reads the answers.", Clients: 240, Addresses: 8,
            ("HTTP/2 with no window", UnreadHttp2.WithoutWindowAsync),
            ("HTTP/2 with a byte a second", UnreadHttp2.WithBytesAsync),
            ("HTTP/2 not read", UnreadHttp2.NotReadAsync),
            ("pipelined HTTP/1.1", UnreadHttp1.PipelineAsync),
            ("image stream", UnreadHttp1.StreamAsync),
            ("WebSocket", UnreadHttp1.WebSocketAsync)),
        new("halfopen", "Connects and says nothing, or half of something.", Clients: 350, Addresses: 8,
            ("nothing", HalfOpen.SayNothingAsync),
            ("half a request", HalfOpen.BeginRequestAsync),
            ("half a TLS hello", HalfOpen.BeginHelloAsync),
            ("TLS and no request", HalfOpen.SayNothingSecurelyAsync),
            ("HTTP/2 without settings", HalfOpen.SendPrefaceAsync),
            ("HTTP/2 without a request", HalfOpen.SendSettingsAsync),
            ("HTTP/2 headers without an end", HalfOpen.ContinueHeadersAsync)),
        new("slow", "Sends headers and bodies, a byte a second.", Clients: 240, Addresses: 8,
            ("HTTP/1.1 headers", SlowRequests.HeadersAsync),
            ("HTTP/1.1 form", SlowRequests.FormAsync),
            ("chunked form", SlowRequests.ChunksAsync),
            ("HTTP/2 form", SlowRequests.Http2FormAsync)),
        new("resets", "Resets HTTP/2 streams as soon as they begin, and connections in the middle of streams.", Clients: 24, Addresses: 4,
            ("HTTP/2 rapid reset", Resets.RapidAsync),
            ("HTTP/2 stream left", Resets.LeaveStreamsAsync),
            ("connection reset", Resets.ResetConnectionAsync)),
        new("forms", "Floods of forms: tables, clicks, votes with and without valid tokens, sign-in attempts, and what is no form.", Clients: 48, Addresses: 8,
            ("begin a table", Forms.BeginTablesAsync),
            ("click", Forms.ClickAsync),
            ("vote with a token", Forms.VoteAsync),
            ("vote without a token", Forms.VoteWithoutTokenAsync),
            ("sign in", Forms.SignInAsync),
            ("no form", Forms.SendNoFormAsync)),
        new("pictures", "Asks for pictures that nobody asked for before.", Clients: 64, Addresses: 8,
            ("picture", NewPictures.AskAsync)),
    ];
}
