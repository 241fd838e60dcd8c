-- Which processes make up a cluster. Orleans reads its statements from OrleansQuery, whose names and columns, and
-- the parameters of the statements, are its own; the tables are ours.
CREATE TABLE cluster (
    id      text    NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    CONSTRAINT cluster_version_counts_from_zero CHECK (version >= 0)
);

CREATE TABLE cluster_member (
    cluster       text           NOT NULL REFERENCES cluster (id),
    address       text           NOT NULL,
    port          integer        NOT NULL,
    generation    integer        NOT NULL,
    silo_name     text           NOT NULL,
    host_name     text           NOT NULL,
    status        integer        NOT NULL,
    proxy_port    integer,
    suspect_times text,
    start_time    timestamptz(3) NOT NULL,
    alive_time    timestamptz(3) NOT NULL,
    PRIMARY KEY (cluster, address, port, generation)
);

CREATE TABLE OrleansQuery (
    QueryKey  text NOT NULL PRIMARY KEY,
    QueryText text NOT NULL
);

-- Whoever changes a member has read all of them: the version says whether that is still true. The member and the
-- version change together or not at all.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', $$
    WITH made AS (
        INSERT INTO cluster (id, version) VALUES (@DeploymentId, 0)
        ON CONFLICT (id) DO NOTHING
        RETURNING 1)
    SELECT count(*)::integer FROM made
$$),
('InsertMembershipKey', $$
    WITH raised AS (
        UPDATE cluster SET version = version + 1
        WHERE id = @DeploymentId AND version = @Version AND NOT EXISTS (
            SELECT 1 FROM cluster_member
            WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING id),
    joined AS (
        INSERT INTO cluster_member (
            cluster, address, port, generation, silo_name, host_name, status, proxy_port, start_time, alive_time)
        SELECT
            id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        FROM raised
        RETURNING 1)
    SELECT count(*)::integer FROM joined
$$),
('UpdateMembershipKey', $$
    WITH raised AS (
        UPDATE cluster SET version = version + 1
        WHERE id = @DeploymentId AND version = @Version AND EXISTS (
            SELECT 1 FROM cluster_member
            WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING id),
    changed AS (
        UPDATE cluster_member SET status = @Status, suspect_times = @SuspectTimes, alive_time = @IAmAliveTime
        FROM raised
        WHERE cluster = raised.id AND address = @Address AND port = @Port AND generation = @Generation
        RETURNING 1)
    SELECT count(*)::integer FROM changed
$$),
('UpdateIAmAlivetimeKey', $$
    UPDATE cluster_member SET alive_time = @IAmAliveTime
    WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$$),
('MembershipReadRowKey', $$
    SELECT m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName,
        m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes,
        m.start_time AS StartTime, m.alive_time AS IAmAliveTime, c.version AS Version
    FROM cluster c
    LEFT JOIN cluster_member m ON m.cluster = c.id
        AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
    WHERE c.id = @DeploymentId
$$),
('MembershipReadAllKey', $$
    SELECT m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName,
        m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes,
        m.start_time AS StartTime, m.alive_time AS IAmAliveTime, c.version AS Version
    FROM cluster c
    LEFT JOIN cluster_member m ON m.cluster = c.id
    WHERE c.id = @DeploymentId
$$),
('GatewaysQueryKey', $$
    SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
    FROM cluster_member
    WHERE cluster = @DeploymentId AND status = @Status AND proxy_port > 0
$$),
('CleanupDefunctSiloEntriesKey', $$
    DELETE FROM cluster_member
    WHERE cluster = @DeploymentId AND alive_time < @IAmAliveTime AND status = 6 -- dead
$$),
('DeleteMembershipTableEntriesKey', $$
    WITH left_over AS (DELETE FROM cluster_member WHERE cluster = @DeploymentId)
    DELETE FROM cluster WHERE id = @DeploymentId
$$);
