# A gateway. deploy/compose/ runs two of them.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY .editorconfig Directory.Build.props Directory.Packages.props ./
COPY src ./src
RUN dotnet publish src/Gateway --configuration Release --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# What pictures are drawn with; curl is for the health check.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends curl fonts-dejavu-core libgd3 libpango-1.0-0 libpangocairo-1.0-0 \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /app /app

# With the embedded engine totals and history are kept here; with PostgreSQL nothing is.
RUN mkdir /data && chown $APP_UID /data
WORKDIR /data
ENV Data__Directory=/data

# The base image names a port of its own; Counter listens where Urls says, on 9192.
ENV ASPNETCORE_HTTP_PORTS=
USER $APP_UID
EXPOSE 9192
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=2 \
  CMD ["curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://127.0.0.1:9192/health/ready"]
ENTRYPOINT ["dotnet", "/app/Counter.Gateway.dll"]
