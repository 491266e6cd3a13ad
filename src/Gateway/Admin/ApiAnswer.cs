using System.Text.Json;
using Counter.Gateway.Documents;

namespace Counter.Gateway.Admin;

/// <summary>An answer of the admin API to a page.</summary>
/// <param name="Status">The status.</param>
/// <param name="ContentType">The type of the body.</param>
/// <param name="Body">The body.</param>
/// <param name="Version">The ETag; null for none.</param>
internal sealed record ApiAnswer(int Status, string? ContentType, byte[] Body, string? Version)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The problem; null after a success.</summary>
    public ApiProblem? Problem => IsSuccess ? null : Read<ApiProblem>();

    /// <summary>An answer with a problem.</summary>
    public static ApiAnswer Of(ApiProblem problem) =>
        new(problem.Status, "application/problem+json", JsonSerializer.SerializeToUtf8Bytes(problem, StoredDocuments.Json), Version: null);

    /// <summary>The body as a value.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public T Read<T>() => JsonSerializer.Deserialize<T>(Body, StoredDocuments.Json)!;
}

/// <summary>A refusal of the admin API (RFC 9457).</summary>
/// <param name="Status">The status.</param>
/// <param name="Detail">The sentence.</param>
/// <param name="Errors">A sentence for each wrong field.</param>
internal sealed record ApiProblem(int Status, string Detail, IReadOnlyDictionary<string, string[]>? Errors);
