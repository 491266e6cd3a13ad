-- How reports become totals. Everybody locks in one order, so that nobody waits in a circle: the sites that get new pages, the
-- pages by site and path, the sites by name. The row of a site, which all gateways want, is locked last and briefly.

-- What a step that is under way has, when time has passed with so many viewers and then the number was noted.
CREATE FUNCTION counter.pass(
    _sum counter.sum, _from bigint, _to bigint, _had int, _has int, _came bigint, _width bigint) RETURNS counter.sum LANGUAGE sql IMMUTABLE AS
$$
    SELECT CASE WHEN _from / _width = _to / _width
        THEN ROW(greatest(_sum.peak, _has, CASE WHEN _to > _from THEN _had END), _sum.spent + (_to - _from) * _had, _sum.arrivals + _came)::counter.sum
        ELSE ROW(greatest(_has, CASE WHEN _to % _width > 0 THEN _had END), _to % _width * _had, _came)::counter.sum
    END
$$;

-- Brings numbers up to now and notes by how much more there are and how many came. The caller has locked the rows.
CREATE FUNCTION counter.observe(_ids bigint[], _more bigint[], _came bigint[], _now bigint) RETURNS void LANGUAGE plpgsql AS
$$
BEGIN
    -- Steps that are over are written down: the one that was under way, and those in which nothing changed.
    INSERT INTO counter.history (count_id, step, first, after, peak, spent, arrivals)
    SELECT c.id, s.step, r.*
    FROM counter.counts c
    CROSS JOIN LATERAL (VALUES (0, 60000, c.minute), (1, 3600000, c.hour), (2, 86400000, c.day)) s (step, width, sum)
    CROSS JOIN LATERAL (
        SELECT c.seen_at / width, c.seen_at / width + 1, greatest((s.sum).peak, c.viewers),
            (s.sum).spent + (width - c.seen_at % width) * c.viewers, (s.sum).arrivals
        WHERE c.viewers > 0 OR s.sum <> ROW(0, 0, 0)::counter.sum
        UNION ALL
        SELECT c.seen_at / width + 1, _now / width, c.viewers, c.viewers::bigint * width, 0
        WHERE c.viewers > 0 AND _now / width > c.seen_at / width + 1) r
    WHERE c.id = ANY (_ids) AND c.seen_at / width < _now / width;

    UPDATE counter.counts c SET
        held = c.held + x.more,
        viewers = x.viewers,
        version = CASE WHEN x.viewers = c.viewers THEN c.version ELSE greatest(c.version + 1, x.at) END,
        peak = greatest(c.peak, x.viewers),
        peak_at = CASE WHEN x.viewers > c.peak THEN x.at ELSE c.peak_at END,
        arrivals = c.arrivals + x.came,
        since = coalesce(c.since, CASE WHEN x.viewers > 0 OR x.came > 0 THEN x.at END),
        seen_at = x.at,
        minute = counter.pass(c.minute, c.seen_at, x.at, c.viewers, x.viewers, x.came, 60000),
        hour = counter.pass(c.hour, c.seen_at, x.at, c.viewers, x.viewers, x.came, 3600000),
        day = counter.pass(c.day, c.seen_at, x.at, c.viewers, x.viewers, x.came, 86400000)
    FROM (
        -- A clock that goes backwards stands still here; absurd numbers are cut where sums of them still fit.
        SELECT k.id, o.more, greatest(k.seen_at, _now) AS at, least(greatest(k.held + o.more, 0), 2147483647)::int AS viewers,
            least(o.came, 100000000000000 - k.arrivals) AS came
        FROM unnest(_ids, _more, _came) o (id, more, came) JOIN counter.counts k ON k.id = o.id) x
    WHERE c.id = x.id;
END
$$;

-- Tells whoever listens the numbers whose version is no longer what it was. Sites are spread over 64 channels; a notification
-- has less than 8,000 bytes; of a name that is too long only the site is told.
CREATE FUNCTION counter.announce(_ids bigint[], _versions bigint[]) RETURNS void LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM pg_notify('counter_' || shard, '[' || string_agg(entry, ',') || ']')
    FROM (
        SELECT shard, entry, sum(octet_length(entry) + 1) OVER (PARTITION BY shard ORDER BY id) / 6500 AS part
        FROM (
            SELECT c.id, get_byte(sha256(convert_to(c.site, 'UTF8')), 0) & 63 AS shard,
                CASE WHEN octet_length(c.site) + octet_length(c.path) > 1000 THEN json_build_array(c.site)
                    ELSE json_build_array(c.site, c.path, c.version, c.viewers) END::text AS entry
            FROM unnest(_ids, _versions) o (id, version) JOIN counter.counts c ON c.id = o.id AND c.version <> o.version) e
        WHERE octet_length(entry) <= 1400) f
    GROUP BY shard, part;
END
$$;

-- Changes pages and then their sites, and tells of it. The caller has locked the pages, and says what they were before.
CREATE FUNCTION counter.settle(_ids bigint[], _more bigint[], _came bigint[], _before int[], _versions bigint[], _now bigint)
RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    _sites bigint[];
    _site_versions bigint[];
    _site_more bigint[];
    _site_came bigint[];
BEGIN
    PERFORM counter.observe(_ids, _more, _came, _now);

    SELECT array_agg(l.id ORDER BY l.site), array_agg(l.version ORDER BY l.site) INTO _sites, _site_versions
    FROM (
        SELECT s.id, s.site, s.version FROM counter.counts s
        WHERE s.path = '' AND s.site IN (SELECT c.site FROM counter.counts c WHERE c.id = ANY (_ids))
        ORDER BY s.site FOR NO KEY UPDATE) l;

    SELECT array_agg(m.more ORDER BY m.site), array_agg(m.came ORDER BY m.site) INTO _site_more, _site_came
    FROM (
        SELECT c.site, sum(c.viewers::bigint - o.before)::bigint AS more, sum(o.came)::bigint AS came
        FROM unnest(_ids, _before, _came) o (id, before, came) JOIN counter.counts c ON c.id = o.id
        GROUP BY c.site) m;

    PERFORM counter.observe(_sites, _site_more, _site_came, _now);
    PERFORM counter.announce(_ids || _sites, _versions || _site_versions);
END
$$;
