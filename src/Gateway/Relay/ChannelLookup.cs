using Counter.Gateway.Documents;

namespace Counter.Gateway.Relay;

/// <summary>Finds the settings of a channel; null when it has none. It is called for every picture, so it must be fast.</summary>
internal delegate ChannelSettings? ChannelLookup(string channel);
