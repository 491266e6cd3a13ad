using System.Net.Security;
using System.Security.Cryptography;

namespace Counter.Gateway.Operations.Certificates;

/// <summary>One certificate of the settings, with the current content of its files.</summary>
/// <remarks>
/// Compares the content of the files, not their time of writing. This also works with swapped links, copies that keep their time and network
/// file systems.
/// </remarks>
internal sealed partial class RenewedCertificate
{
    private readonly CertificateFiles files;
    private readonly ILogger log;
    private string inUse;
    private string lastRead;
    private string? refused;
    private volatile SslStreamCertificateContext? renewed;

    /// <summary>Records the current content of the files. The server reads them itself a moment later.</summary>
    public RenewedCertificate(CertificateFiles files, ILogger log)
    {
        (this.files, this.log) = (files, log);
        inUse = lastRead = Read(out _, out _);
    }

    /// <summary>The certificate for new connections. Null while it is the one that the server read at the start.</summary>
    public SslStreamCertificateContext? Current => renewed;

    /// <summary>Reads the files. Applies a new content that two reads in a row return: then no program is writing it.</summary>
    public void Refresh()
    {
        var read = Read(out var content, out var problem);
        if (read == inUse || read != lastRead)
        {
            lastRead = read;
            return;
        }

        try
        {
            if (problem is not null)
            {
                throw problem;
            }

            var context = files.Load(content.Certificate, content.Key);
            (renewed, inUse) = (context, read);
            LogRenewed(files, context.TargetCertificate.NotAfter);
        }
        catch (Exception e)
        {
            // The failure may have another cause than the content, so each round tries again. The log has one line for a content.
            if (refused != read)
            {
                refused = read;
                LogRefused(files, e.Message);
            }
        }
    }

    private string Read(out (byte[] Certificate, byte[]? Key) content, out Exception? problem)
    {
        try
        {
            (content, problem) = (files.Read(), null);
            return Convert.ToHexString(SHA256.HashData(content.Certificate)) + Convert.ToHexString(SHA256.HashData(content.Key ?? []));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            (content, problem) = (default, e);
            return e.Message;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "New connections use the renewed certificate {Files}, which is valid until {Until:yyyy-MM-dd}.")]
    private partial void LogRenewed(CertificateFiles files, DateTime until);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The renewed certificate {Files} cannot be used, so new connections get the old one. The files are read again every few seconds. {Reason}")]
    private partial void LogRefused(CertificateFiles files, string reason);
}
