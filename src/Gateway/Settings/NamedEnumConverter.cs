using System.Text.Json.Serialization;

namespace Counter.Gateway.Settings;

/// <summary>Reads and writes an enum by its names only: a number would mean something else after the next change.</summary>
internal sealed class NamedEnumConverter<T>() : JsonStringEnumConverter<T>(namingPolicy: null, allowIntegerValues: false)
    where T : struct, Enum;
