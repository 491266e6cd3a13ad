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

-- Forgets what is older than is kept.
CREATE FUNCTION counter.tidy(_lease bigint) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    _now bigint := counter.now_ms();
    _site text;
BEGIN
    IF NOT pg_try_advisory_xact_lock(1668247156) THEN
        RETURN;
    END IF;

    PERFORM counter.adopt();
    DELETE FROM counter.leases WHERE viewers = 0 AND said_at + _lease + 3600000 <= _now;

    -- A part at a time, so that it ends in time also after months without.
    DELETE FROM counter.history WHERE ctid = ANY (ARRAY(
        SELECT h.ctid FROM (VALUES (0, 60000, 1), (1, 3600000, 30), (2, 86400000, 731)) s (step, width, days)
        CROSS JOIN LATERAL (
            SELECT o.ctid FROM counter.history o
            WHERE o.step = s.step AND o.after <= (_now - s.days * 86400000::bigint) / s.width LIMIT 20000) h));

    -- Pages that nobody looked at for as long as any history is kept, or ever.
    PERFORM counter.forget(array_agg(id)) FROM (
        SELECT c.id FROM counter.counts c
        WHERE c.path <> '' AND (c.since IS NULL OR c.seen_at + 731 * 86400000::bigint < _now)
            AND NOT EXISTS (SELECT FROM counter.leases l WHERE l.count_id = c.id)
        FOR UPDATE SKIP LOCKED) idle;

    IF EXISTS (SELECT FROM counter.crowd) THEN
        PERFORM counter.make_room(site) FROM counter.counts WHERE path = '';
        DELETE FROM counter.crowd;
    END IF;

    FOR _site IN
        SELECT s.site FROM counter.counts s
        WHERE s.path = '' AND NOT EXISTS (SELECT FROM counter.counts p WHERE p.site = s.site AND p.path <> '')
    LOOP
        CONTINUE WHEN NOT pg_try_advisory_xact_lock(1668247155, hashtext(_site));
        PERFORM counter.forget(array_agg(id)) FROM (
            SELECT s.id FROM counter.counts s
            WHERE s.site = _site AND s.path = '' AND NOT EXISTS (SELECT FROM counter.counts p WHERE p.site = s.site AND p.path <> '')
            FOR UPDATE SKIP LOCKED) empty;
    END LOOP;

    -- In the order of those who change documents.
    PERFORM 1 FROM counter.documents_version FOR UPDATE;
    WITH gone AS (DELETE FROM counter.documents WHERE json IS NULL AND changed_at + 3600000 <= _now RETURNING version)
    UPDATE counter.documents_version SET forgotten = greatest(forgotten, (SELECT max(version) FROM gone));
END
$$;
