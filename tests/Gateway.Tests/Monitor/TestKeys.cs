using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Counter.Gateway.Tests.Monitor;

/// <summary>Keys as an operator makes and revokes them.</summary>
internal static class TestKeys
{
    public static async Task<(string Key, string Id)> MakeAsync(
        RunningGateway gateway, KeyRole role, string scope, DateTimeOffset? expiresAt = null)
    {
        var (key, _, change) = gateway.App.Services.GetRequiredService<KeyStore>().Make("a test", role, scope, "a test", expiresAt);
        await ChangeAsync(gateway, change);
        return (key.ToString(), key.Id);
    }

    public static Task RevokeAsync(RunningGateway gateway, string id) =>
        ChangeAsync(gateway, new DocumentChange(DocumentKind.Key, id, Json: null));

    private static async Task ChangeAsync(RunningGateway gateway, DocumentChange change) =>
        await gateway.App.Services.GetRequiredService<ICluster>().Documents.TryChangeAsync([change], CancellationToken.None);
}
