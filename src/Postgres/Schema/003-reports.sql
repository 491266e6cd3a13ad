-- Forgets numbers with all that belongs to them.
CREATE FUNCTION counter.forget(_ids bigint[]) RETURNS void LANGUAGE sql AS
$$
    DELETE FROM counter.history WHERE count_id = ANY (_ids);
    DELETE FROM counter.leases WHERE count_id = ANY (_ids);
    DELETE FROM counter.counts WHERE id = ANY (_ids);
$$;

-- A page that hardly anybody ever came to, and nobody for an hour, makes room for a new one when the site is full: as many as one
-- report has.
CREATE FUNCTION counter.make_room(_site text) RETURNS void LANGUAGE sql AS
$$
    SELECT counter.forget(array_agg(id)) FROM (
        SELECT c.id FROM counter.counts c
        WHERE c.site = _site AND c.path <> '' AND c.arrivals <= 3 AND c.seen_at + 3600000 < counter.now_ms()
            AND NOT EXISTS (SELECT FROM counter.leases l WHERE l.count_id = c.id)
        LIMIT 1000 FOR UPDATE SKIP LOCKED) idle
$$;

-- Makes rows for pages that are new, where there is room. Sites that get new pages are taken one at a time, so limits hold exactly.
CREATE FUNCTION counter.admit(_sites text[], _paths text[], _most_pages int[], _most_sites int) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    _now bigint;
    _site record;
    _room bigint;
BEGIN
    IF NOT EXISTS (
        SELECT FROM unnest(_sites, _paths) u (site, path)
        WHERE NOT EXISTS (SELECT FROM counter.counts c WHERE c.site = u.site AND c.path = u.path)) THEN
        RETURN;
    END IF;

    PERFORM counter.take_turn(ARRAY(
        SELECT u.site FROM unnest(_sites, _paths) u (site, path)
        WHERE NOT EXISTS (SELECT FROM counter.counts c WHERE c.site = u.site AND c.path = u.path)));
    _now := counter.now_ms();

    INSERT INTO counter.counts (site, path, version, seen_at)
    SELECT m.site, '', _now, _now FROM (
        SELECT u.site, min(u.n) AS n FROM unnest(_sites) WITH ORDINALITY u (site, n)
        WHERE NOT EXISTS (SELECT FROM counter.counts c WHERE c.site = u.site AND c.path = '')
        GROUP BY u.site) m
    ORDER BY m.n LIMIT greatest(0, _most_sites - (SELECT count(*) FROM counter.counts WHERE path = ''));

    IF EXISTS (
        SELECT FROM unnest(_sites) u (site) WHERE NOT EXISTS (SELECT FROM counter.counts c WHERE c.site = u.site AND c.path = '')) THEN
        INSERT INTO counter.crowd SELECT _now WHERE NOT EXISTS (SELECT FROM counter.crowd);
    END IF;

    FOR _site IN
        SELECT u.site, count(*) AS pages, max(u.most) AS most FROM unnest(_sites, _paths, _most_pages) u (site, path, most)
        WHERE NOT EXISTS (SELECT FROM counter.counts c WHERE c.site = u.site AND c.path = u.path)
            AND EXISTS (SELECT FROM counter.counts c WHERE c.site = u.site AND c.path = '')
        GROUP BY u.site
    LOOP
        _room := _site.most - (SELECT count(*) FROM counter.counts WHERE site = _site.site AND path <> '');
        IF _room < _site.pages THEN
            PERFORM counter.make_room(_site.site);
            _room := _site.most - (SELECT count(*) FROM counter.counts WHERE site = _site.site AND path <> '');
        END IF;

        INSERT INTO counter.counts (site, path, version, seen_at)
        SELECT u.site, u.path, _now, _now FROM unnest(_sites, _paths) WITH ORDINALITY u (site, path, n)
        WHERE u.site = _site.site AND NOT EXISTS (SELECT FROM counter.counts c WHERE c.site = u.site AND c.path = u.path)
        ORDER BY u.n LIMIT greatest(0, _room);
    END LOOP;
END
$$;

-- Waits until nobody else adds pages to these sites, or removes the sites, until the end of the transaction.
CREATE FUNCTION counter.take_turn(_sites text[]) RETURNS void LANGUAGE sql AS
$$
    SELECT pg_advisory_xact_lock(1668247155, turn) FROM (
        SELECT DISTINCT t.turn FROM unnest(_sites) u (site)
        CROSS JOIN LATERAL (
            SELECT hashtext(u.site) AS turn
            UNION ALL
            SELECT -2147483648 WHERE NOT EXISTS (SELECT FROM counter.counts c WHERE c.site = u.site AND c.path = '')) t
        ORDER BY t.turn) turns
$$;

-- Takes a report. Answers with a row for each page, by its place in the report, without a version when it was refused, and one for
-- each of their sites; with nothing at all when the gateway is not known or was given up, and then nothing is taken.
CREATE FUNCTION counter.report(
    _gateway text, _sites text[], _paths text[], _opened bigint[], _sequences bigint[], _viewers int[], _arrivals bigint[],
    _most_pages int[], _most_sites int)
RETURNS TABLE (place int, of_site text, now_version bigint, now_viewers int) LANGUAGE plpgsql AS
$$
DECLARE
    _now bigint;
    _ids bigint[];
    _places int[];
    _versions bigint[];
    _before int[];
    _more bigint[];
    _came bigint[];
    _there bigint;
BEGIN
    -- As long as this is locked, the gateway is not given up.
    PERFORM 1 FROM counter.gateways WHERE id = _gateway AND NOT lapsed FOR SHARE;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    PERFORM counter.admit(_sites, _paths, _most_pages, _most_sites);
    SELECT count(*) INTO _there FROM unnest(_sites, _paths) u (site, path) JOIN counter.counts c ON c.site = u.site AND c.path = u.path;

    SELECT array_agg(l.id), array_agg(l.n), array_agg(l.version), array_agg(l.viewers) INTO _ids, _places, _versions, _before
    FROM (
        SELECT c.id, u.n::int AS n, c.version, c.viewers
        FROM unnest(_sites, _paths) WITH ORDINALITY u (site, path, n) JOIN counter.counts c ON c.site = u.site AND c.path = u.path
        ORDER BY c.site, c.path FOR NO KEY UPDATE OF c) l;
    IF coalesce(cardinality(_ids), 0) < _there THEN
        -- Not a page that was refused, for which its viewers would pay.
        RAISE EXCEPTION 'A page was deleted while it was waited for.' USING ERRCODE = 'serialization_failure';
    END IF;

    -- Of each gateway only the newest report counts. Its arrivals count from where it began to hold the page.
    WITH said AS MATERIALIZED (
        SELECT i.id, i.n, greatest(l.opened, u.opened) AS opened, u.sequence, greatest(u.viewers, 0) AS viewers, coalesce(l.viewers, 0) AS had,
            CASE WHEN u.opened > l.opened OR l.opened IS NULL THEN 0 ELSE l.arrivals END AS counted,
            least(u.arrivals, 100000000000000) AS arrivals
        FROM unnest(_ids, _places) i (id, n)
        JOIN unnest(_opened, _sequences, _viewers, _arrivals) WITH ORDINALITY u (opened, sequence, viewers, arrivals, n) ON u.n = i.n
        LEFT JOIN counter.leases l ON l.count_id = i.id AND l.gateway = _gateway
        WHERE l.sequence IS NULL OR l.sequence < u.sequence),
    kept AS (
        INSERT INTO counter.leases AS k (count_id, gateway, opened, sequence, viewers, arrivals, said_at)
        SELECT id, _gateway, opened, sequence, viewers, greatest(counted, arrivals), counter.now_ms() FROM said
        ON CONFLICT (count_id, gateway) DO UPDATE SET
            opened = excluded.opened, sequence = excluded.sequence, viewers = excluded.viewers, arrivals = excluded.arrivals,
            said_at = excluded.said_at)
    SELECT array_agg(o.id ORDER BY o.n), array_agg(o.version ORDER BY o.n), array_agg(o.before ORDER BY o.n),
        array_agg(s.viewers::bigint - s.had ORDER BY o.n), array_agg(greatest(s.counted, s.arrivals) - s.counted ORDER BY o.n)
    INTO _ids, _versions, _before, _more, _came
    FROM said s JOIN unnest(_ids, _places, _versions, _before) o (id, n, version, before) ON o.id = s.id;

    IF _ids IS NOT NULL THEN
        PERFORM counter.settle(_ids, _more, _came, _before, _versions, counter.now_ms());
    END IF;

    RETURN QUERY
        SELECT u.n::int, NULL::text, c.version, c.viewers
        FROM unnest(_sites, _paths) WITH ORDINALITY u (site, path, n) LEFT JOIN counter.counts c ON c.site = u.site AND c.path = u.path
        UNION ALL
        SELECT 0, s.site, s.version, s.viewers FROM counter.counts s
        WHERE s.path = '' AND s.site IN (SELECT u.site FROM unnest(_sites) u (site));
END
$$;
