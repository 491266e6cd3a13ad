#!/usr/bin/env bash
# Makes what a release has: for each system an archive with the program as one file, what the program is made of (an SBOM), and a list of checksums.
#
#   deploy/release.sh FOLDER            everything, into a folder that is made
#   deploy/release.sh FOLDER linux-x64  one system only; more than one may be named
set -euo pipefail
(($# == 0)) || set -- "$(realpath --canonicalize-missing "$1")" "${@:2}"
cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.."
(($# > 0)) || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' deploy/release.sh >&2; exit 2; }
folder=$1
shift
mkdir "$folder"
folder=$(realpath "$folder")
systems=("$@")
((${#systems[@]} > 0)) || systems=(linux-x64 linux-arm64 linux-musl-x64 win-x64 osx-arm64)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT

for system in "${systems[@]}"; do
  name=counter-$system
  dotnet publish src/Gateway --configuration Release --runtime "$system" -p:PublishSingleFile=true \
    -p:ContinuousIntegrationBuild=true --artifacts-path "$work/build" --output "$work/$name" --verbosity quiet
  cp LICENSE "$work/$name"
  case $system in
    linux-*) cp deploy/systemd/counter.service "$work/$name" ;;
  esac
  case $system in
    win-*) (cd "$work" && zip --quiet --recurse-paths "$folder/$name.zip" "$name") ;;
    *) tar --create --gzip --file "$folder/$name.tar.gz" --directory "$work" --sort=name --mtime="@$(git log -1 --format=%ct)" \
      --owner=0 --group=0 --numeric-owner "$name" ;;
  esac
done

dotnet tool restore --verbosity quiet
version=$(dotnet msbuild src/Gateway -restore -target:MinVer -getProperty:MinVerVersion)
dotnet CycloneDX src/Gateway/Gateway.csproj --set-name Counter --set-version "$version" \
  --output "$folder" --output-format Json --filename counter.cdx.json >/dev/null
cd "$folder"
sha256sum -- * >"$work/SHA256SUMS"
mv "$work/SHA256SUMS" .
