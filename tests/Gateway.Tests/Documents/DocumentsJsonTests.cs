using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Counter.Gateway.Documents;
using Xunit;

namespace Counter.Gateway.Tests.Documents;

/// <summary>Generated serializers read the same as those that use reflection.</summary>
public sealed class DocumentsJsonTests
{
    public static TheoryData<Type> Types => [.. typeof(DocumentsJson).GetCustomAttributesData()
        .Where(data => data.AttributeType == typeof(JsonSerializableAttribute))
        .Select(data => (Type)data.ConstructorArguments[0].Value!)
        .Where(type => type.Assembly == typeof(DocumentsJson).Assembly)];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_missing_member_has_its_default(Type type)
    {
        Assert.Same(DocumentsJson.Default, StoredDocuments.Json.GetTypeInfo(type).OriginatingResolver);
        var compiled = JsonSerializer.Deserialize("{}", type, StoredDocuments.Json)!;
        var found = JsonSerializer.Deserialize("{}", type, JsonSerializerOptions.Web)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            Assert.Equivalent(property.GetValue(found), property.GetValue(compiled), strict: true);
        }
    }

    [Fact]
    public void Missing_members_of_partial_settings_have_their_defaults()
    {
        var site = JsonSerializer.Deserialize<SiteSettings>("""{"identity":"cookie","limits":{"pages":5}}""", StoredDocuments.Json)!;
        Assert.True(site.Counting);
        Assert.Equal(SiteIdentity.Cookie, site.Identity);
        Assert.Equal(new SiteLimits { Pages = 5 }, site.Limits);
        Assert.Empty(site.Hosts);
        Assert.Empty(site.Look);
        var channel = JsonSerializer.Deserialize<ChannelSettings>("""{"maxFrameBytes":7}""", StoredDocuments.Json);
        Assert.Equal(new ChannelSettings { MaxFrameBytes = 7 }, channel);
    }
}
