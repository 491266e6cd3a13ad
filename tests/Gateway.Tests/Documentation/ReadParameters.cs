using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Counter.Gateway.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Counter.Gateway.Tests.Documentation;

/// <summary>Writes down which parameters of a query a gateway asks for, whatever the request has.</summary>
internal sealed class ReadParameters : IStartupFilter
{
    private readonly ConcurrentDictionary<string, bool> names = new();

    /// <summary>All so far.</summary>
    public IReadOnlyCollection<string> Names => [.. names.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Starts a gateway that is watched.</summary>
    public Task<RunningGateway> StartAsync() => RunningGateway.StartAsync(log: null, services => services.AddSingleton<IStartupFilter>(this));

    public void Forget() => names.Clear();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            context.Request.Query = new Watched(context.Request.Query, name => names.TryAdd(name, true));
            return following(context);
        });
        next(app);
    };

    private sealed class Watched(IQueryCollection query, Action<string> read) : IQueryCollection
    {
        public int Count => query.Count;

        public ICollection<string> Keys => query.Keys;

        public StringValues this[string key]
        {
            get
            {
                read(key);
                return query[key];
            }
        }

        public bool ContainsKey(string key)
        {
            read(key);
            return query.ContainsKey(key);
        }

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out StringValues value)
        {
            read(key);
            return query.TryGetValue(key, out value);
        }

        public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => query.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => query.GetEnumerator();
    }
}
