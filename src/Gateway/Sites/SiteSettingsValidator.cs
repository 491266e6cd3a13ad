using Counter.Counting.Pages;
using Counter.Gateway.Documents;
using Counter.Gateway.Frames;
using Counter.Gateway.Settings;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Sites;

/// <summary>Validates the settings of a site, field by field, and normalises them.</summary>
internal sealed class SiteSettingsValidator(SiteSettingsCache sites, FrameCache frames, IOptions<LimitsOptions> limits)
{
    /// <summary>The most extra hosts of a site.</summary>
    public const int MostHosts = 50;

    /// <summary>Validates settings.</summary>
    /// <param name="site">The site.</param>
    /// <param name="given">The settings to validate.</param>
    /// <param name="errors">A sentence for each wrong field.</param>
    /// <returns>The normalised settings: hosts are written as sites are.</returns>
    public SiteSettings Read(string site, SiteSettings given, out Dictionary<string, string[]> errors)
    {
        errors = [];
        var hosts = ReadHosts(site, given.Hosts ?? [], errors);
        CheckLook(given.Look, errors);
        var asked = given.Limits ?? new SiteLimits();
        CheckLimit("limits.pages", asked.Pages, 10_000_000, errors);
        CheckLimit("limits.streamsPerPage", asked.StreamsPerPage, limits.Value.Streams, errors);
        return given with { Hosts = hosts, Limits = asked, Look = given.Look ?? new Dictionary<string, string>() };
    }

    private List<string> ReadHosts(string site, IReadOnlyList<string> given, Dictionary<string, string[]> errors)
    {
        var hosts = new List<string>();
        foreach (var text in given.Take(MostHosts + 1))
        {
            if (!PageAddress.TryParseSite(text, PageLimits.Default, out var host, out _))
            {
                errors["hosts"] = [$"'{Short(text)}' is not a host name such as shop.example.com."];
            }
            else if (host == site)
            {
                errors["hosts"] = [$"{host} is the site itself."];
            }
            else if (sites.Find(host) is not null || (sites.OwnerOf(host) is { } owner && owner != site))
            {
                errors["hosts"] = [$"{host} is a site of its own, or belongs to another."];
            }
            else
            {
                hosts.Add(host);
            }
        }

        if (given.Count > MostHosts)
        {
            errors["hosts"] = [$"At most {MostHosts} hosts."];
        }

        return [.. hosts.Distinct()];
    }

    private void CheckLook(IReadOnlyDictionary<string, string>? given, Dictionary<string, string[]> errors)
    {
        given ??= new Dictionary<string, string>();
        var strange = given.Keys.FirstOrDefault(name => !StyleQuery.Names.Contains(name));
        if (strange is not null)
        {
            errors["look"] = [$"'{Short(strange)}' is not a parameter of a picture; the parameters are {string.Join(", ", StyleQuery.Names)}."];
            return;
        }

        // SVG accepts all parameters of the other formats, and the theme that follows the reader's system.
        var query = new QueryCollection(given.ToDictionary(pair => pair.Key, pair => new Microsoft.Extensions.Primitives.StringValues(pair.Value)));
        if (!StyleQuery.TryParse(query, ImageFormat.Svg, out var style, out var wrong))
        {
            foreach (var (name, allowed) in wrong)
            {
                errors["look." + name] = allowed;
            }
        }
        else if (frames.Measure(style).Problem is { } problem)
        {
            errors["look"] = [problem];
        }
    }

    private static void CheckLimit(string field, int? given, int most, Dictionary<string, string[]> errors)
    {
        if (given is < 1 || given > most)
        {
            errors[field] = [$"A whole number from 1 to {most}, or null for the installation's limit."];
        }
    }

    private static string Short(string? text) => text is null ? "" : text.Length <= 60 ? text : text[..60] + "…";
}
