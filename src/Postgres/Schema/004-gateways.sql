-- A gateway lives. Answers whether its viewers still count; when not, it reports all its pages again.
CREATE FUNCTION counter.renew(_id text, _name text, _version text, _started_at timestamptz, _streams int, _viewers int, _address text)
RETURNS boolean LANGUAGE plpgsql AS
$$
DECLARE
    _known boolean;
    _now bigint := counter.now_ms();
BEGIN
    SELECT NOT lapsed INTO _known FROM counter.gateways WHERE id = _id FOR NO KEY UPDATE;
    INSERT INTO counter.gateways AS g (id, name, version, started_at, streams, viewers, address, heard_at)
    VALUES (_id, _name, _version, _started_at, _streams, _viewers, _address, _now)
    ON CONFLICT (id) DO UPDATE SET name = _name, version = _version, started_at = _started_at, streams = _streams, viewers = _viewers,
        address = _address, heard_at = _now, lapsed = false;
    RETURN coalesce(_known, false);
END
$$;

-- Takes the viewers of this gateway out, or of any that was given up, so many pages at a time: reports on other pages go on
-- meanwhile. Answers whether there is more to do.
CREATE FUNCTION counter.release(_only text, _most int) RETURNS boolean LANGUAGE plpgsql AS
$$
DECLARE
    _gateway text;
    _now bigint;
    _ids bigint[];
    _versions bigint[];
    _before int[];
    _more bigint[];
BEGIN
    -- As long as this is locked, the gateway does not come back.
    SELECT id INTO _gateway FROM counter.gateways WHERE lapsed AND (_only IS NULL OR id = _only)
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    SELECT array_agg(l.id), array_agg(l.version), array_agg(l.viewers) INTO _ids, _versions, _before
    FROM (
        SELECT c.id, c.version, c.viewers FROM counter.counts c
        WHERE c.id IN (SELECT count_id FROM counter.leases WHERE gateway = _gateway AND viewers > 0 LIMIT _most)
        ORDER BY c.site, c.path FOR NO KEY UPDATE) l;
    IF _ids IS NULL THEN
        DELETE FROM counter.gateways WHERE id = _gateway;
        RETURN true;
    END IF;

    _now := counter.now_ms();
    SELECT array_agg(-l.viewers::bigint ORDER BY o.n) INTO _more
    FROM unnest(_ids) WITH ORDINALITY o (id, n) JOIN counter.leases l ON l.count_id = o.id AND l.gateway = _gateway;
    UPDATE counter.leases SET viewers = 0, said_at = _now WHERE gateway = _gateway AND count_id = ANY (_ids);
    PERFORM counter.settle(_ids, _more, array_fill(0::bigint, ARRAY[cardinality(_ids)]), _before, _versions, _now);
    RETURN true;
END
$$;

-- A gateway stops.
CREATE FUNCTION counter.leave(_id text) RETURNS void LANGUAGE sql AS
$$ UPDATE counter.gateways SET lapsed = true WHERE id = _id $$;

-- Gives up gateways that were not heard for the length of a lease. Answers whether there are viewers to take out.
CREATE FUNCTION counter.expire(_lease bigint) RETURNS boolean LANGUAGE plpgsql AS
$$
DECLARE
    _now bigint := counter.now_ms();
    _last counter.watch;
BEGIN
    IF NOT pg_try_advisory_xact_lock(1668247155) THEN
        RETURN false;
    END IF;

    SELECT * INTO _last FROM counter.watch;
    IF _last.watched_at IS NULL OR _now NOT BETWEEN _last.watched_at AND _last.watched_at + _lease THEN
        -- Nobody could be heard: the database was away, or has crashed and does not know whom it heard. Gateways try again every
        -- five seconds; until they had the time to, the numbers stay. Those that are not known come back by renewing.
        DELETE FROM counter.watch;
        INSERT INTO counter.watch VALUES (_now, _now + _lease / 2);
        UPDATE counter.gateways SET heard_at = least(heard_at, _now);
        PERFORM counter.adopt();
        RETURN false;
    END IF;

    UPDATE counter.watch SET watched_at = _now;
    IF _now < _last.patient_until THEN
        RETURN false;
    END IF;

    UPDATE counter.gateways SET lapsed = true WHERE NOT lapsed AND heard_at + _lease <= _now;
    RETURN EXISTS (SELECT FROM counter.gateways WHERE lapsed);
END
$$;

-- Viewers of gateways that nobody knows are those of gateways that were given up.
CREATE FUNCTION counter.adopt() RETURNS void LANGUAGE sql AS
$$
    INSERT INTO counter.gateways (id, name, version, started_at, streams, viewers, address, heard_at, lapsed)
    SELECT DISTINCT l.gateway, '', '', now(), 0, 0, '', 0, true FROM counter.leases l
    WHERE l.viewers > 0 AND NOT EXISTS (SELECT FROM counter.gateways g WHERE g.id = l.gateway)
    ON CONFLICT DO NOTHING
$$;

-- Forgets what is older than is kept: a part of one kind at a time, so that each statement ends in time also after months without.
-- Answers whether there may be more of that kind.
CREATE FUNCTION counter.tidy(_what text, _lease bigint, _most int) RETURNS boolean LANGUAGE plpgsql AS
$$
DECLARE
    _now bigint := counter.now_ms();
    _ids bigint[];
    _site text;
    _done bigint := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(1668247156) THEN
        RETURN false;
    END IF;

    CASE _what
    WHEN 'gateways' THEN
        PERFORM counter.adopt();
    WHEN 'leases' THEN
        DELETE FROM counter.leases WHERE ctid = ANY (ARRAY(
            SELECT l.ctid FROM counter.leases l WHERE l.viewers = 0 AND l.said_at + _lease + 3600000 <= _now LIMIT _most));
        GET DIAGNOSTICS _done = ROW_COUNT;
    WHEN 'history' THEN
        DELETE FROM counter.history WHERE ctid = ANY (ARRAY(
            SELECT h.ctid FROM (VALUES (0, 60000, 1), (1, 3600000, 30), (2, 86400000, 731)) s (step, width, days)
            CROSS JOIN LATERAL (
                SELECT o.ctid FROM counter.history o
                WHERE o.step = s.step AND o.after <= (_now - s.days * 86400000::bigint) / s.width LIMIT _most) h));
        GET DIAGNOSTICS _done = ROW_COUNT;
    WHEN 'pages' THEN
        -- Those that nobody looked at for as long as any history is kept, or ever.
        SELECT array_agg(id) INTO _ids FROM (
            SELECT c.id FROM counter.counts c
            WHERE c.path <> '' AND (c.since IS NULL OR c.seen_at + 731 * 86400000::bigint < _now)
                AND NOT EXISTS (SELECT FROM counter.leases l WHERE l.count_id = c.id)
            LIMIT _most FOR UPDATE SKIP LOCKED) idle;
        PERFORM counter.forget(_ids);
        _done := cardinality(_ids);
    WHEN 'crowd' THEN
        IF NOT EXISTS (SELECT FROM counter.crowd) THEN
            RETURN false;
        END IF;

        SELECT array_agg(id) INTO _ids FROM (
            SELECT c.id FROM counter.counts c
            WHERE c.path <> '' AND c.arrivals <= 3 AND c.seen_at + 3600000 < _now
                AND NOT EXISTS (SELECT FROM counter.leases l WHERE l.count_id = c.id)
            LIMIT _most FOR UPDATE SKIP LOCKED) idle;
        PERFORM counter.forget(_ids);
        _done := coalesce(cardinality(_ids), 0);
        DELETE FROM counter.crowd WHERE _done < _most;
    WHEN 'sites' THEN
        -- Each takes a lock, of which the database has some ten thousand for all.
        _most := least(_most, 1000);
        FOR _site IN
            SELECT s.site FROM counter.counts s
            WHERE s.path = '' AND NOT EXISTS (SELECT FROM counter.counts p WHERE p.site = s.site AND p.path <> '')
            LIMIT _most
        LOOP
            CONTINUE WHEN NOT pg_try_advisory_xact_lock(1668247155, hashtext(_site));
            SELECT array_agg(id) INTO _ids FROM (
                SELECT s.id FROM counter.counts s
                WHERE s.site = _site AND s.path = '' AND NOT EXISTS (SELECT FROM counter.counts p WHERE p.site = s.site AND p.path <> '')
                FOR UPDATE SKIP LOCKED) empty;
            PERFORM counter.forget(_ids);
            _done := _done + coalesce(cardinality(_ids), 0);
        END LOOP;
    WHEN 'documents' THEN
        -- In the order of those who change documents.
        PERFORM 1 FROM counter.documents_version FOR UPDATE;
        WITH gone AS (
            DELETE FROM counter.documents WHERE (kind, id) IN (
                SELECT d.kind, d.id FROM counter.documents d WHERE d.json IS NULL AND d.changed_at + 3600000 <= _now LIMIT _most)
            RETURNING version),
        told AS (UPDATE counter.documents_version SET forgotten = greatest(forgotten, (SELECT max(version) FROM gone)))
        SELECT count(*) INTO _done FROM gone;
    END CASE;

    RETURN coalesce(_done, 0) >= _most;
END
$$;
