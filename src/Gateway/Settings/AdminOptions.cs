namespace Counter.Gateway.Settings;

/// <summary>The section <c>Admin</c>: who may see and steer.</summary>
internal sealed class AdminOptions
{
    /// <summary>Characters that the operator's key has at least: one that people can guess protects nothing.</summary>
    public const int LeastKeyLength = 32;

    /// <summary>The operator's key; empty: one is made at the first start and printed once.</summary>
    public string Key { get; set; } = "";
}
