using Counter.Gateway.Documents;

namespace Counter.Gateway.Relay;

/// <summary>Finds what was decided for a channel; null when nothing was. Is asked for every picture, so it must be quick.</summary>
internal delegate ChannelSettings? ChannelLookup(string channel);
