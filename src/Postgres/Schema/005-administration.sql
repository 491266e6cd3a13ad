-- Forgets the past of a page or, with those of all its pages, of a site; or all of it, where nobody looks. Viewers stay.
-- Answers whether it was known.
CREATE FUNCTION counter.reset(_site text, _path text, _forget boolean) RETURNS boolean LANGUAGE plpgsql AS
$$
DECLARE
    _now bigint;
    _pages bigint[];
    _all bigint[];
    _versions bigint[];
BEGIN
    IF _forget THEN
        PERFORM counter.take_turn(ARRAY[_site]);
    END IF;

    SELECT array_agg(l.id), array_agg(l.version) INTO _pages, _versions
    FROM (
        SELECT c.id, c.version FROM counter.counts c
        WHERE c.site = _site AND CASE WHEN _path = '' THEN c.path <> '' ELSE c.path = _path END
        ORDER BY c.site, c.path FOR NO KEY UPDATE) l;
    SELECT _pages || array_agg(l.id), _versions || array_agg(l.version) INTO _all, _versions
    FROM (SELECT c.id, c.version FROM counter.counts c WHERE c.site = _site AND c.path = _path AND _path = '' FOR NO KEY UPDATE) l;
    IF _all IS NULL THEN
        RETURN false;
    END IF;

    DELETE FROM counter.history WHERE count_id = ANY (_all);
    IF _forget THEN
        PERFORM counter.forget(array_agg(id)) FROM counter.counts WHERE id = ANY (_pages) AND viewers = 0;
        PERFORM counter.forget(array_agg(s.id)) FROM counter.counts s
        WHERE s.id = ANY (_all) AND s.path = '' AND NOT EXISTS (SELECT FROM counter.counts p WHERE p.site = _site AND p.path <> '');
    END IF;

    _now := counter.now_ms();
    UPDATE counter.counts c SET
        version = greatest(c.version + 1, _now), peak = c.viewers, peak_at = CASE WHEN c.viewers > 0 THEN _now END,
        arrivals = 0, since = CASE WHEN c.viewers > 0 THEN _now END, seen_at = _now,
        minute = (c.viewers, 0, 0), hour = (c.viewers, 0, 0), day = (c.viewers, 0, 0)
    WHERE c.id = ANY (_all);
    PERFORM counter.announce(_all, _versions);
    RETURN true;
END
$$;

-- Makes all of these changes, or none when one expects a version that its document does not have. Answers with the new version.
CREATE FUNCTION counter.change(_kinds text[], _ids text[], _jsons text[], _expected bigint[]) RETURNS bigint LANGUAGE plpgsql AS
$$
DECLARE
    _next bigint;
BEGIN
    -- What people decided is on the disk before they are told so; numbers need not be.
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT version + 1 INTO _next FROM counter.documents_version FOR UPDATE;
    IF EXISTS (
        SELECT FROM unnest(_kinds, _ids, _expected) u (kind, id, expected)
        LEFT JOIN counter.documents d ON d.kind = u.kind AND d.id = u.id AND d.json IS NOT NULL
        WHERE u.expected <> coalesce(d.version, 0)) THEN
        RETURN NULL;
    END IF;

    UPDATE counter.documents_version SET version = _next;
    INSERT INTO counter.documents AS d (kind, id, json, version, changed_at)
    SELECT u.kind, u.id, u.json, _next, counter.now_ms() FROM unnest(_kinds, _ids, _jsons) u (kind, id, json)
    WHERE u.json IS NOT NULL OR EXISTS (SELECT FROM counter.documents k WHERE k.kind = u.kind AND k.id = u.id AND k.json IS NOT NULL)
    ON CONFLICT (kind, id) DO UPDATE SET json = excluded.json, version = excluded.version, changed_at = excluded.changed_at;
    RETURN _next;
END
$$;
