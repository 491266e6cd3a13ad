import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryFolder } from './processes.mjs';

/** A self-signed certificate for this machine: the paths of two PEM files. */
export function selfSignedCertificate() {
  const folder = temporaryFolder('certificate');
  const certificate = join(folder, 'certificate.pem');
  const key = join(folder, 'key.pem');
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate,
  ], { stdio: 'pipe' });
  return { certificate, key };
}
