#!/usr/bin/env bash
# Makes the certificates that silos and gateways show each other, in a folder beside this file or the one that is named: an authority of your own,
# whose key stays in it, and a folder each for silos and gateways. Run again it issues new ones of the same authority, ten years' worth each time.
set -euo pipefail
umask 077
folder=$(realpath -m "${1:-$(dirname "${BASH_SOURCE[0]}")/certificates}")
days=3650
# The user of the containers, app of the .NET images.
reader=1654

make_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

mkdir -p "$folder"
cd "$folder"
if [[ ! -e authority.key ]]; then
  make_key authority.key
  openssl req -x509 -new -key authority.key -days $days -subj "/CN=Counter's silos and gateways" -addext basicConstraints=critical,CA:TRUE -out authority.pem
fi

for name in silo gateway; do
  mkdir -p $name
  make_key $name/key.pem
  openssl req -new -key $name/key.pem -subj "/CN=$name" |
    openssl x509 -req -CA authority.pem -CAkey authority.key -set_serial "0x$(openssl rand -hex 16)" -days $days -out $name/certificate.pem 2>/dev/null
  cp authority.pem $name/authority.pem
  if ((EUID == 0)); then
    chown -R $reader $name
  else
    echo "certificates.sh: only root can give $folder/$name to the containers' user: sudo chown -R $reader '$folder/$name'" >&2
  fi
done
echo "The certificates are in $folder. Keep authority.key to yourself."
