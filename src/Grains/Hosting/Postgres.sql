-- What Orleans' ADO.NET providers need: they ask for queries by name in "orleansquery", and give and read values by the names used here.

CREATE TABLE IF NOT EXISTS orleansquery (
    querykey text PRIMARY KEY,
    querytext text NOT NULL
);

-- One row for each cluster. Its version rises with every change of the silos, and a change is only made to the version it is meant for.
CREATE TABLE IF NOT EXISTS clusters (
    cluster text PRIMARY KEY,
    version integer NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS silos (
    cluster text NOT NULL REFERENCES clusters,
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    name text NOT NULL,
    host text NOT NULL,
    status integer NOT NULL,
    gateway_port integer,
    suspected text,
    started timestamptz NOT NULL,
    alive timestamptz NOT NULL,
    PRIMARY KEY (cluster, address, port, generation)
);

-- What grains keep. A row is only written to the version that its grain has read.
CREATE TABLE IF NOT EXISTS grains (
    service text NOT NULL,
    state text NOT NULL,
    n0 bigint NOT NULL,
    n1 bigint NOT NULL,
    key text NOT NULL,
    version integer NOT NULL,
    payload bytea,
    PRIMARY KEY (service, state, n0, n1, key)
);

DELETE FROM orleansquery;

INSERT INTO orleansquery VALUES
('UpdateIAmAlivetimeKey', $$
    UPDATE silos SET alive = @IAmAliveTime
    WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$$),
('InsertMembershipVersionKey', $$
    WITH made AS (INSERT INTO clusters (cluster) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*)::integer FROM made
$$),
('InsertMembershipKey', $$
    WITH turn AS (
        UPDATE clusters SET version = version + 1
        WHERE cluster = @DeploymentId AND version = @Version AND NOT EXISTS (
            SELECT FROM silos s WHERE s.cluster = @DeploymentId AND s.address = @Address AND s.port = @Port AND s.generation = @Generation)
        RETURNING cluster),
    made AS (
        INSERT INTO silos (cluster, address, port, generation, name, host, status, gateway_port, started, alive)
        SELECT cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM turn
        RETURNING 1)
    SELECT count(*)::integer FROM made
$$),
('UpdateMembershipKey', $$
    WITH turn AS (
        UPDATE clusters SET version = version + 1 WHERE cluster = @DeploymentId AND version = @Version RETURNING cluster),
    changed AS (
        UPDATE silos s SET status = @Status, suspected = @SuspectTimes, alive = @IAmAliveTime FROM turn
        WHERE s.cluster = turn.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
        RETURNING 1)
    SELECT count(*)::integer FROM changed
$$),
('MembershipReadRowKey', $$
    SELECT c.cluster AS "DeploymentId", s.address AS "Address", s.port AS "Port", s.generation AS "Generation", s.name AS "SiloName", s.host AS "HostName",
        s.status AS "Status", s.gateway_port AS "ProxyPort", s.suspected AS "SuspectTimes", s.started AS "StartTime", s.alive AS "IAmAliveTime",
        c.version AS "Version"
    FROM clusters c LEFT JOIN silos s ON s.cluster = c.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
    WHERE c.cluster = @DeploymentId
$$),
('MembershipReadAllKey', $$
    SELECT c.cluster AS "DeploymentId", s.address AS "Address", s.port AS "Port", s.generation AS "Generation", s.name AS "SiloName", s.host AS "HostName",
        s.status AS "Status", s.gateway_port AS "ProxyPort", s.suspected AS "SuspectTimes", s.started AS "StartTime", s.alive AS "IAmAliveTime",
        c.version AS "Version"
    FROM clusters c LEFT JOIN silos s ON s.cluster = c.cluster
    WHERE c.cluster = @DeploymentId
$$),
('DeleteMembershipTableEntriesKey', $$
    WITH gone AS (DELETE FROM silos WHERE cluster = @DeploymentId)
    DELETE FROM clusters WHERE cluster = @DeploymentId
$$),
('GatewaysQueryKey', $$
    SELECT address AS "Address", gateway_port AS "ProxyPort", generation AS "Generation" FROM silos
    WHERE cluster = @DeploymentId AND status = @Status AND gateway_port > 0
$$),
('CleanupDefunctSiloEntriesKey', $$
    DELETE FROM silos WHERE cluster = @DeploymentId AND alive < @IAmAliveTime AND status <> 3
$$),
('WriteToStorageKey', $$
    WITH changed AS (
        UPDATE grains SET payload = @PayloadBinary, version = version + 1
        WHERE service = @ServiceId AND state = @GrainTypeString AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND key = coalesce(@GrainIdExtensionString, '')
            AND version = @GrainStateVersion::integer
        RETURNING version),
    made AS (
        INSERT INTO grains (service, state, n0, n1, key, version, payload)
        SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), 1, @PayloadBinary
        WHERE @GrainStateVersion::integer IS NULL
        ON CONFLICT DO NOTHING
        RETURNING version)
    SELECT coalesce((SELECT version FROM changed), (SELECT version FROM made), @GrainStateVersion::integer) AS "NewGrainStateVersion"
$$),
('ReadFromStorageKey', $$
    SELECT payload AS "PayloadBinary", now(), version AS "Version" FROM grains
    WHERE service = @ServiceId AND state = @GrainTypeString AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND key = coalesce(@GrainIdExtensionString, '')
$$),
('ClearStorageKey', $$
    UPDATE grains SET payload = NULL, version = version + 1
    WHERE service = @ServiceId AND state = @GrainTypeString AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND key = coalesce(@GrainIdExtensionString, '')
        AND version = @GrainStateVersion
    RETURNING version AS "NewGrainStateVersion"
$$),
('DeleteStorageKey', $$
    DELETE FROM grains
    WHERE service = @ServiceId AND state = @GrainTypeString AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND key = coalesce(@GrainIdExtensionString, '')
        AND version = @GrainStateVersion
    RETURNING version + 1 AS "NewGrainStateVersion"
$$);
