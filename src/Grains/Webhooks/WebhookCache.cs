using System.Collections.Concurrent;
using System.Text.Json;
using Counter.Counting.Documents;
using Counter.Counting.Webhooks;
using Counter.Grains.Documents;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Counter.Grains.Webhooks;

/// <summary>A silo's cache of the webhooks of all sites. Safe for concurrent use.</summary>
internal sealed partial class WebhookCache(IServiceProvider services, ILogger<WebhookCache> log) : IDisposable
{
    private readonly SemaphoreSlim refreshing = new(1);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<WebhookId, Entry>> sites = new(StringComparer.Ordinal);
    private long hooks;
    private long outboxes;

    /// <summary>The sites with a webhook whose last message was that viewers rose.</summary>
    public IEnumerable<string> SitesOver => sites.Where(site => site.Value.Values.Any(entry => entry.Outbox?.IsOver == true)).Select(site => site.Key);

    /// <summary>The active webhooks of a site.</summary>
    public IReadOnlyList<(WebhookId Id, Webhook Hook, Outbox Outbox)> Of(string site) => sites.TryGetValue(site, out var known)
        ? [.. known.Where(entry => entry.Value is { Hook.Active: true, Outbox: not null }).Select(entry => (entry.Key, entry.Value.Hook!, entry.Value.Outbox!))]
        : [];

    /// <summary>Updates an outbox after it was stored.</summary>
    public void Set(WebhookId id, Outbox outbox) => Change(id, entry => entry with { Outbox = outbox });

    /// <summary>Reads changed webhooks and outboxes.</summary>
    /// <returns>The sites whose webhooks or outboxes changed.</returns>
    public async Task<IReadOnlyCollection<string>> RefreshAsync()
    {
        await refreshing.WaitAsync();
        try
        {
            var documents = services.GetRequiredService<IGrainFactory>().GetGrain<IDocumentsGrain>(0);
            var changed = new HashSet<string>(StringComparer.Ordinal);
            hooks = Take(await documents.ChangesAsync(DocumentKind.Webhook, hooks), changed, (entry, json) => entry with { Hook = Read<Webhook>(json) });
            outboxes = Take(await documents.ChangesAsync(DocumentKind.Delivery, outboxes), changed, (entry, json) => entry with { Outbox = Read<Outbox>(json) });
            return changed;
        }
        finally
        {
            refreshing.Release();
        }
    }

    public void Dispose() => refreshing.Dispose();

    private long Take(DocumentUpdates changes, HashSet<string> changed, Func<Entry, string?, Entry> read)
    {
        if (changes.Complete)
        {
            var there = changes.Changed.Select(document => WebhookId.Of(document.Id)).ToHashSet();
            foreach (var gone in sites.Values.SelectMany(site => site.Keys).Where(id => !there.Contains(id)).ToList())
            {
                Change(gone, entry => read(entry, null));
            }
        }

        foreach (var document in changes.Changed)
        {
            var id = WebhookId.Of(document.Id);
            changed.Add(id.Site);
            try
            {
                Change(id, entry => read(entry, document.Json));
            }
            catch (JsonException e)
            {
                LogUnreadable(document.Id, e.Message);
            }
        }

        return changes.Version;
    }

    private void Change(WebhookId id, Func<Entry, Entry> change)
    {
        var site = sites.GetOrAdd(id.Site, _ => []);
        if (site.AddOrUpdate(id, _ => change(new Entry(null, null)), (_, entry) => change(entry)) is { Hook: null, Outbox: null })
        {
            site.TryRemove(id, out _);
            if (site.IsEmpty)
            {
                sites.TryRemove(id.Site, out _);
            }
        }
    }

    private static T? Read<T>(string? json)
        where T : class => json is null ? null : JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web);

    [LoggerMessage(Level = LogLevel.Error, Message = "The webhook {Id} cannot be read and gets no messages; save it again. {Reason}")]
    private partial void LogUnreadable(string id, string reason);

    private sealed record Entry(Webhook? Hook, Outbox? Outbox);
}
