using System.Net.Security;
using System.Security.Cryptography;

namespace Counter.Gateway.Operations.Certificates;

/// <summary>One certificate of the settings, as its files say now.</summary>
/// <remarks>
/// What the files hold is compared, not when they were written: links that are swapped, copies that keep their time and files on a
/// network are all the same then.
/// </remarks>
internal sealed partial class RenewedCertificate
{
    private readonly CertificateFiles files;
    private readonly ILogger log;
    private string inUse;
    private string lastRead;
    private string? refused;
    private volatile SslStreamCertificateContext? renewed;

    /// <summary>Remembers what the files hold; the server reads them itself a moment later.</summary>
    public RenewedCertificate(CertificateFiles files, ILogger log)
    {
        (this.files, this.log) = (files, log);
        inUse = lastRead = Read(out _, out _);
    }

    /// <summary>What new connections get; null as long as that is what the server read at the start.</summary>
    public SslStreamCertificateContext? Current => renewed;

    /// <summary>Reads the files, and takes what they hold if it is the same as the last time: then nobody is writing it.</summary>
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
            // It may have failed for another reason than what the files hold, so it is tried again, but told once.
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

    [LoggerMessage(Level = LogLevel.Information, Message = "The renewed certificate {Files} is used from now on; it is valid until {Until:yyyy-MM-dd}.")]
    private partial void LogRenewed(CertificateFiles files, DateTime until);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The renewed certificate {Files} cannot be used, so new connections get the old one. The files are read again every few seconds. {Reason}")]
    private partial void LogRefused(CertificateFiles files, string reason);
}
