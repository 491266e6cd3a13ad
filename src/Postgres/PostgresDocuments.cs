using Counter.Counting.Documents;
using Npgsql;

namespace Counter.Postgres;

/// <summary>The documents of all gateways, in a table.</summary>
internal sealed class PostgresDocuments(Database database) : IDocuments
{
    /// <inheritdoc/>
    public async ValueTask<Document?> FindAsync(DocumentKind kind, string id, CancellationToken cancellationToken) => (await database.QueryAsync(
        "SELECT id, json, version FROM counter.documents WHERE kind = $1 AND id = $2 AND json IS NOT NULL",
        row => Read(kind, row), cancellationToken, kind.ToString(), id)).FirstOrDefault();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Document>> ListAsync(
        DocumentKind kind, string prefix, string? after, int most, bool descending, CancellationToken cancellationToken) => await database.QueryAsync(
        $"""
        SELECT id, json, version FROM counter.documents
        WHERE kind = $1 AND starts_with(id, $2) AND ($3::text IS NULL OR id {(descending ? "<" : ">")} $3) AND json IS NOT NULL
        ORDER BY id {(descending ? "DESC" : "")} LIMIT $4
        """,
        row => Read(kind, row), cancellationToken, kind.ToString(), prefix, after, most);

    /// <inheritdoc/>
    public async ValueTask<DocumentNews> NewsAsync(DocumentKind kind, long after, CancellationToken cancellationToken)
    {
        // A version that is yet to come is from a database of which this one is an older copy.
        var rows = await database.QueryAsync(
            """
            SELECT d.id, d.json, d.version, v.version, v.complete
            FROM (SELECT version, $2 < forgotten OR $2 > version AS complete FROM counter.documents_version) v
            LEFT JOIN counter.documents d ON d.kind = $1 AND (d.version > $2 OR v.complete) AND (d.json IS NOT NULL OR NOT v.complete)
            """,
            row => (Document: row.IsDBNull(0) ? null : Read(kind, row), Version: row.GetInt64(3), Complete: row.GetBoolean(4)),
            cancellationToken, kind.ToString(), after);
        return new DocumentNews(rows[0].Version, [.. rows.Select(row => row.Document).OfType<Document>()], rows[0].Complete);
    }

    /// <inheritdoc/>
    public async ValueTask<long?> TryChangeAsync(IReadOnlyList<DocumentChange> changes, CancellationToken cancellationToken)
    {
        DocumentChange.Check(changes);

        return await database.AskAsync<long?>(
            "SELECT counter.change($1, $2, $3, $4)", cancellationToken,
            changes.Select(c => c.Kind.ToString()).ToArray(), changes.Select(c => c.Id).ToArray(), changes.Select(c => c.Json).ToArray(), changes.Select(c => c.Expected).ToArray());
    }

    private static Document Read(DocumentKind kind, NpgsqlDataReader row) =>
        new(kind, row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetInt64(2));
}
