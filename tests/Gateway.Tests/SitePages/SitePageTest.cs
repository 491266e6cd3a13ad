using System.Net;
using System.Text.RegularExpressions;
using Counter.Gateway.Documents;
using Counter.Gateway.Tests.Admin;
using Counter.Gateway.Tests.Monitor;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.SitePages;

/// <summary>A gateway, and people who sign in to the pages of its sites.</summary>
public abstract partial class SitePageTest : AdminTest
{
    protected const string Site = "mine.example";
    protected const string Address = "/sites/" + Site;

    /// <summary>Somebody who has signed in with a key for the site.</summary>
    private protected async Task<Operator> SignInAsync(KeyRole role, string scope = Site) =>
        await Operator.SignInAsync(Gateway, (await TestKeys.MakeAsync(Gateway, role, scope)).Key);

    /// <summary>The text of an answer, which has to have the status.</summary>
    protected static async Task<string> TextAsync(HttpStatusCode status, Task<HttpResponseMessage> asking)
    {
        using var answer = await asking;
        var text = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} {text[^Math.Min(text.Length, 800)..]}");
        return text;
    }

    private protected static Task<HttpResponseMessage> PostAsync(Operator person, string path, params (string Name, string Value)[] fields) =>
        person.SendAsync(HttpMethod.Post, path, fields.ToDictionary(field => field.Name, field => field.Value));

    /// <summary>The version in the form of a page.</summary>
    private protected static async Task<string> VersionAsync(Operator person, string path) =>
        Version().Match(await TextAsync(HttpStatusCode.OK, person.GetAsync(path))).Groups["version"].Value;

    /// <summary>Opens pages of the site, until the site has them all in its list.</summary>
    protected async Task<IDisposable[]> ViewAsync(params string[] paths)
    {
        var viewers = await Task.WhenAll(paths.Select(path => Gateway.ViewAsync($"http://{Site}{path}")));
        await Wait.UntilAsync(
            async () => Names(await ReadAsync(HttpStatusCode.OK, "GET", $"/sites/{Site}/pages?limit=200"), "path").Length == paths.Length,
            $"{paths.Length} pages");
        return viewers;
    }

    /// <summary>What was done, as the audit log says.</summary>
    protected async Task<string[]> AuditAsync() => Names(await ReadAsync(HttpStatusCode.OK, "GET", "/audit"), "what");

    /// <summary>The key or secret that a page shows once.</summary>
    protected static string Once(string html) => Shown().Match(html).Groups["text"].Value;

    [GeneratedRegex("""name="version" value="(?<version>[^>]*)" />""", RegexOptions.ExplicitCapture)]
    private static partial Regex Version();

    [GeneratedRegex("""<div class="once".*?<code>(?<text>[^<]+)</code>""", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Shown();
}
