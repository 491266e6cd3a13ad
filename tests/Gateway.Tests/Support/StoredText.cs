using System.IO.Compression;
using System.Text;
using Counter.Counting.Documents;
using Counter.Grains;
using Counter.Grains.Documents;
using Microsoft.Data.Sqlite;

namespace Counter.Gateway.Tests.Support;

/// <summary>Reads the stored data of a gateway from its data directory, as anybody with access to its disk can.</summary>
internal static class StoredText
{
    /// <summary>The uncompressed JSON of all stored data.</summary>
    public static string All(string directory) => string.Join('\n', Read(directory, "%").Select(Unpack));

    /// <summary>Every version of every document, oldest first.</summary>
    public static IReadOnlyList<Document> Documents(string directory) =>
        [.. Read(directory, "documents-%").SelectMany(stored => stored.Read(DocumentLogJson.Default.ListJournalEntry) ?? []).SelectMany(entry => entry.Documents)];

    private static List<StoredBytes> Read(string directory, string names)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "counter.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT format, bytes FROM grains WHERE name LIKE $names ORDER BY length(name), name";
        command.Parameters.AddWithValue("$names", names);
        using var rows = command.ExecuteReader();
        var all = new List<StoredBytes>();
        while (rows.Read())
        {
            all.Add(new StoredBytes { Format = rows.GetInt32(0), Bytes = (byte[])rows.GetValue(1) });
        }

        return all;
    }

    private static string Unpack(StoredBytes stored)
    {
        if (stored.Format == StoredBytes.Plain)
        {
            return Encoding.UTF8.GetString(stored.Bytes!);
        }

        using var gzip = new GZipStream(new MemoryStream(stored.Bytes!), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        return reader.ReadToEnd();
    }
}
