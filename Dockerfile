# The images of a gateway and of a silo: docker build --target gateway|silo. deploy/compose and docs/azure.md run them.
# Neither needs a writable root file system (docker run --read-only); /data is for a gateway with a silo of its own.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS source
# The history, which tells the version of a clone, is not part of what is copied.
ARG VERSION=0.0.0-image
ENV MinVerVersionOverride=$VERSION
WORKDIR /source
COPY .editorconfig Directory.Build.props Directory.Packages.props ./
COPY src ./src

FROM source AS gateway-build
RUN dotnet publish src/Gateway --configuration Release --use-current-runtime --self-contained false --output /app

FROM source AS silo-build
RUN dotnet publish src/Silo --configuration Release --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS silo
COPY --from=silo-build /app /app
# No socket for debuggers in /tmp, which may be read-only. No port of the base image's choice: Urls says 9193, for its health.
ENV DOTNET_EnableDiagnostics=0 ASPNETCORE_HTTP_PORTS=
USER $APP_UID
EXPOSE 9193 11111 30000
ENTRYPOINT ["dotnet", "/app/Counter.Silo.dll"]

# The last one is what is built when no target is named.
FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS gateway
# Emoji in colour; curl is for the health check.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends curl fonts-noto-color-emoji \
 && rm -rf /var/lib/apt/lists/*
COPY --from=gateway-build /app /app

# Without silos elsewhere totals, history and settings are kept here.
RUN mkdir /data && chown $APP_UID /data
WORKDIR /data
ENV Data__Directory=/data DOTNET_EnableDiagnostics=0

# The base image names a port of its own; Counter listens where Urls says, on 9192.
ENV ASPNETCORE_HTTP_PORTS=
USER $APP_UID
EXPOSE 9192
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=2 \
  CMD ["curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://127.0.0.1:9192/health/ready"]
ENTRYPOINT ["dotnet", "/app/Counter.Gateway.dll"]
