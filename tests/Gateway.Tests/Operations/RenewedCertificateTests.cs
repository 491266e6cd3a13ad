using Counter.Gateway.Operations.Certificates;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>A certificate whose files are rewritten, read by read.</summary>
public sealed class RenewedCertificateTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("counter-test-");
    private readonly LogRecorder log = new();
    private readonly CertificatePair before = CertificatePair.Make();
    private readonly CertificatePair after = CertificatePair.Make();

    public RenewedCertificateTests()
    {
        Write("tls.pem", before.Chain);
        Write("tls.key", before.Key);
    }

    private IEnumerable<string> Warnings => log.Lines.Where(line => line.Level == LogLevel.Warning).Select(line => line.Text);

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void A_pair_seen_twice_is_used_with_its_chain()
    {
        var certificate = Certificate("tls.pem", "tls.key");
        certificate.Refresh();
        certificate.Refresh();
        Assert.Null(certificate.Current);
        Write("tls.pem", after.Chain);
        Write("tls.key", after.Key);
        certificate.Refresh();
        Assert.Null(certificate.Current);
        certificate.Refresh();
        Assert.Equal(after.Thumbprint, Thumbprint(certificate));
        Assert.Contains(after.IssuerThumbprint, certificate.Current!.IntermediateCertificates.Select(c => c.Thumbprint));
        Assert.Empty(Warnings);

        // And so it goes on, for years.
        var context = certificate.Current;
        certificate.Refresh();
        Assert.Same(context, certificate.Current);
        Write("tls.pem", before.Chain);
        Write("tls.key", before.Key);
        Refresh(certificate, 2);
        Assert.Equal(before.Thumbprint, Thumbprint(certificate));
    }

    [Fact]
    public void A_late_key_is_awaited_with_one_warning()
    {
        var certificate = Certificate("tls.pem", "tls.key");
        Write("tls.pem", after.Chain);
        Refresh(certificate, 30);
        Assert.Null(certificate.Current);
        Assert.Contains("tls.pem", Assert.Single(Warnings), StringComparison.Ordinal);
        Write("tls.key", after.Key);
        Refresh(certificate, 2);
        Assert.Equal(after.Thumbprint, Thumbprint(certificate));
        Assert.Single(Warnings);
    }

    [Fact]
    public void A_slightly_late_key_causes_no_warning()
    {
        var certificate = Certificate("tls.pem", "tls.key");
        Write("tls.pem", after.Chain);
        certificate.Refresh();
        Write("tls.key", after.Key);
        Refresh(certificate, 2);
        Assert.Equal(after.Thumbprint, Thumbprint(certificate));
        Assert.Empty(Warnings);
    }

    [Fact]
    public void Truncated_files_are_never_used()
    {
        var certificate = Certificate("tls.pem", "tls.key");
        Write("tls.key", after.Key);
        for (var length = 0; length < after.Chain.TrimEnd().Length; length += 7)
        {
            var cut = after.Chain[..length];

            // Between two certificates nothing shows that more follow.
            if (!cut.TrimEnd().EndsWith("-----END CERTIFICATE-----", StringComparison.Ordinal))
            {
                Write("tls.pem", cut);
                Refresh(certificate, 2);
                Assert.Null(certificate.Current);
            }
        }

        Write("tls.pem", after.Chain);
        for (var length = 0; length < after.Key.TrimEnd().Length; length += 31)
        {
            Write("tls.key", after.Key[..length]);
            Refresh(certificate, 2);
            Assert.Null(certificate.Current);
        }

        Write("tls.key", after.Key);
        Refresh(certificate, 2);
        Assert.Equal(after.Thumbprint, Thumbprint(certificate));
    }

    [Fact]
    public void Missing_or_invalid_files_keep_the_old_pair_with_one_warning_each()
    {
        var certificate = Certificate("tls.pem", "tls.key");
        File.Delete(InDirectory("tls.key"));
        Refresh(certificate, 5);
        Assert.Single(Warnings);
        Write("tls.key", "This is no key.");
        Refresh(certificate, 5);
        Assert.Equal(2, Warnings.Count());
        Write("tls.key", before.Key);
        Refresh(certificate, 5);
        Assert.Equal(2, Warnings.Count());
        Assert.Null(certificate.Current);
    }

    [Fact]
    public async Task Swapped_symbolic_links_are_followed()
    {
        // As Kubernetes mounts secrets: tls.crt -> ..data/tls.crt, ..data -> the newest folder.
        Folder("1", before);
        Folder("2", after);
        File.CreateSymbolicLink(InDirectory("..data"), "1");
        File.CreateSymbolicLink(InDirectory("tls.crt"), "..data/tls.crt");
        File.CreateSymbolicLink(InDirectory("tls.link.key"), "..data/tls.key");
        var certificate = Certificate("tls.crt", "tls.link.key");
        File.CreateSymbolicLink(InDirectory("..data_tmp"), "2");
        await Command.RunAsync("mv", $"-T {InDirectory("..data_tmp")} {InDirectory("..data")}");
        Refresh(certificate, 2);
        Assert.Equal(after.Thumbprint, Thumbprint(certificate));

        void Folder(string name, CertificatePair pair)
        {
            directory.CreateSubdirectory(name);
            Write(name + "/tls.crt", pair.Chain);
            Write(name + "/tls.key", pair.Key);

            // Copies may keep their time.
            File.SetLastWriteTimeUtc(InDirectory(name + "/tls.crt"), DateTime.UnixEpoch);
            File.SetLastWriteTimeUtc(InDirectory(name + "/tls.key"), DateTime.UnixEpoch);
        }
    }

    [Fact]
    public void A_key_with_a_password_and_a_pkcs12_file_renew_too()
    {
        var locked = CertificatePair.Make(password: "secret");
        var pem = Certificate("tls.pem", "tls.key", "secret");
        Write("tls.pem", locked.Chain);
        Write("tls.key", locked.Key);
        Refresh(pem, 2);
        Assert.Equal(locked.Thumbprint, Thumbprint(pem));

        File.WriteAllBytes(InDirectory("tls.pfx"), before.Pkcs12("secret"));
        var pkcs12 = Certificate("tls.pfx", null, "secret");
        File.WriteAllBytes(InDirectory("tls.pfx"), after.Pkcs12("other"));
        Refresh(pkcs12, 2);
        Assert.Null(pkcs12.Current);
        Assert.DoesNotContain("secret", Assert.Single(Warnings), StringComparison.Ordinal);
        File.WriteAllBytes(InDirectory("tls.pfx"), after.Pkcs12("secret"));
        Refresh(pkcs12, 2);
        Assert.Equal(after.Thumbprint, Thumbprint(pkcs12));
        Assert.True(pkcs12.Current!.TargetCertificate.HasPrivateKey);
    }

    private static string? Thumbprint(RenewedCertificate certificate) => certificate.Current?.TargetCertificate.Thumbprint;

    private static void Refresh(RenewedCertificate certificate, int times)
    {
        for (var i = 0; i < times; i++)
        {
            certificate.Refresh();
        }
    }

    private RenewedCertificate Certificate(string path, string? keyPath, string? password = null) => new(
        new CertificateFiles(InDirectory(path), keyPath is null ? null : InDirectory(keyPath), password), log.CreateLogger("test"));

    private string InDirectory(string name) => Path.Combine(directory.FullName, name);

    private void Write(string name, string text) => File.WriteAllText(InDirectory(name), text);
}
