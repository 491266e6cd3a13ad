using System.Text.Json;
using System.Xml.Linq;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Gateway.Documents;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Counter.Gateway.Sessions;

/// <summary>Stores the keys that sign cookies in the cluster, so a session is valid at every gateway and after a restart.</summary>
internal sealed class CookieKeys(ICluster cluster) : IXmlRepository
{
    // The framework makes a key every 90 days.
    private const int Most = 1000;

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        // The framework calls this synchronously, at the start and once a day.
        var documents = cluster.Documents.ListAsync(DocumentKind.CookieKey, "", null, Most, descending: false, CancellationToken.None)
            .AsTask().GetAwaiter().GetResult();
        return [.. documents.Select(d => XElement.Parse(JsonSerializer.Deserialize(d.Json!, DocumentsJson.Default.String)!))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var json = JsonSerializer.Serialize(element.ToString(SaveOptions.DisableFormatting), DocumentsJson.Default.String);
        cluster.Documents.TryChangeAsync([new DocumentChange(DocumentKind.CookieKey, friendlyName, json)], CancellationToken.None)
            .AsTask().GetAwaiter().GetResult();
    }
}
