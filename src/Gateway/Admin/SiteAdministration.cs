using System.Text.Json.Nodes;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Pages;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Http;
using Counter.Gateway.Sites;

namespace Counter.Gateway.Admin;

/// <summary>Changes the settings of sites, and deletes sites.</summary>
internal sealed class SiteAdministration(
    ICluster cluster, DocumentCache<SiteSettings> documents, SiteSettingsCache hosts, SiteSettingsValidator rules, AuditLog audit)
{
    private const int MostOfSite = 10_000;

    // A change without a version applies to any version, so a conflict is retried.
    private const int Attempts = 5;

    /// <summary>Returns the stored settings of a site and their version; the defaults and 0 when there are none.</summary>
    public async ValueTask<Stored<SiteSettings>> FindAsync(string site, CancellationToken cancellationToken) =>
        await cluster.Documents.FindAsync<SiteSettings>(DocumentKind.Site, site, cancellationToken) ?? new(SiteSettings.Default, 0);

    /// <summary>Stores settings.</summary>
    /// <returns>The problem, or null when the settings are stored; the stored settings; their version.</returns>
    public async ValueTask<(IResult? Problem, SiteSettings Stored, long Version)> PutAsync(
        string site, SiteSettings given, HttpRequest request, KeyHolder who, CancellationToken cancellationToken)
    {
        // Hosts that another gateway has just changed must be in the cache.
        await documents.RefreshAsync(cancellationToken);
        var (before, version) = await FindAsync(site, cancellationToken);
        if (Preconditions.Refuse(request, version) is { } refusal)
        {
            return (refusal, before, version);
        }

        return await StoreAsync(site, given, before, version, who, cancellationToken);
    }

    /// <summary>Changes some settings and keeps the others (JSON Merge Patch, RFC 7396).</summary>
    /// <returns>The problem, or null when the settings are stored; the stored settings; their version.</returns>
    /// <exception cref="BadHttpRequestException">The result is not settings.</exception>
    public async ValueTask<(IResult? Problem, SiteSettings Stored, long Version)> PatchAsync(
        string site, JsonObject? patch, HttpRequest request, KeyHolder who, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            await documents.RefreshAsync(cancellationToken);
            var (before, version) = await FindAsync(site, cancellationToken);
            if (Preconditions.RefuseIfAsked(request, version) is { } refusal)
            {
                return (refusal, before, version);
            }

            var answer = await StoreAsync(site, MergePatch.Apply(before, patch), before, version, who, cancellationToken);
            if (attempt + 1 == Attempts || answer.Problem is not IStatusCodeHttpResult { StatusCode: StatusCodes.Status412PreconditionFailed })
            {
                return answer;
            }
        }
    }

    private async ValueTask<(IResult? Problem, SiteSettings Stored, long Version)> StoreAsync(
        string site, SiteSettings given, SiteSettings before, long version, KeyHolder who, CancellationToken cancellationToken)
    {
        if (hosts.OwnerOf(site) is { } owner)
        {
            return (Problems.Conflict($"{site} is an extra host of {owner}. Remove it from the hosts of {owner} first."), before, version);
        }

        var settings = rules.Read(site, given, out var errors);
        if (errors.Count > 0)
        {
            return (Problems.Invalid(errors), before, version);
        }

        if (who.Role != KeyRole.Operator && OperatorsField(before, settings) is { } field)
        {
            return (Problems.Forbidden($"Only the operator may change {field}. Send its current value."), before, version);
        }

        var change = StoredDocuments.Put(DocumentKind.Site, site, settings, version);
        var subject = new AuditSubject(site, version == 0 ? null : before, settings);
        if (await audit.TryChangeAsync(who, version == 0 ? "site.create" : "site.change", subject, [change], cancellationToken) is not { } stored)
        {
            return (Preconditions.Changed(), before, version);
        }

        await documents.RefreshAsync(cancellationToken);
        return (null, settings, stored);
    }

    /// <summary>Deletes a site: its settings, keys, webhooks, polls and numbers.</summary>
    /// <returns>The problem; null when the site is deleted.</returns>
    public async ValueTask<IResult?> DeleteAsync(string site, HttpRequest request, KeyStore keys, KeyHolder who, CancellationToken cancellationToken)
    {
        var stored = await cluster.Documents.FindAsync(DocumentKind.Site, site, cancellationToken);
        var version = stored?.Version ?? 0;
        if (Preconditions.RefuseIfAsked(request, version) is { } refusal)
        {
            return refusal;
        }

        var changes = new List<DocumentChange> { new(DocumentKind.Site, site, Json: null, version) };
        changes.AddRange((await keys.ListAsync(cancellationToken)).Where(k => KeyEndpoints.IsOf(site)(k.Record))
            .Select(k => new DocumentChange(DocumentKind.Key, k.Id, Json: null)));
        foreach (var kind in new[] { DocumentKind.Webhook, DocumentKind.Delivery, DocumentKind.Poll, DocumentKind.PollPast })
        {
            var documents = await cluster.Documents.ListAsync(kind, site + "/", null, MostOfSite, descending: false, cancellationToken);
            changes.AddRange(documents.Select(d => new DocumentChange(kind, d.Id, Json: null)));
        }

        var status = await cluster.GetAsync(CountKey.ForSite(site), cancellationToken);
        if (version == 0 && status.Since is null && changes.Count == 1)
        {
            return Problems.NotFound("There is no such site.");
        }

        if (await audit.TryChangeAsync(who, "site.delete", new(site, Before: stored?.TryRead<SiteSettings>()), changes, cancellationToken) is null)
        {
            return Preconditions.Changed();
        }

        // This cannot be undone, so it comes after the entry in the audit log.
        await cluster.DeleteAsync(CountKey.ForSite(site), cancellationToken);
        await documents.RefreshAsync(cancellationToken);
        return null;
    }

    /// <summary>
    /// Returns a changed field that only the operator may change; null when there is none. Such fields affect other sites or the machine. A
    /// manager of the site changes the others, such as style, identity and probes.
    /// </summary>
    private static string? OperatorsField(SiteSettings before, SiteSettings after) =>
        before.Counting != after.Counting ? "counting"
        : !before.Hosts.SequenceEqual(after.Hosts) ? "hosts"
        : before.Limits != after.Limits ? "limits"
        : null;
}
