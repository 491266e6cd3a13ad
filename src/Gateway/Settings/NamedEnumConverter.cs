using System.Text.Json.Serialization;

namespace Counter.Gateway.Settings;

/// <summary>Reads and writes an enum by its names only. The meaning of a number would change with the enum.</summary>
internal sealed class NamedEnumConverter<T>() : JsonStringEnumConverter<T>(namingPolicy: null, allowIntegerValues: false)
    where T : struct, Enum;
