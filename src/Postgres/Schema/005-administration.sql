-- Forgets the past of pages, or of the site itself, whose path is empty; or all of it, where nobody looks. Viewers stay. Answers whether
-- any was known.
CREATE FUNCTION counter.reset(_site text, _paths text[], _forget boolean) RETURNS boolean LANGUAGE plpgsql AS
$$
DECLARE
    _now bigint;
    _ids bigint[];
    _versions bigint[];
BEGIN
    IF _forget THEN
        PERFORM counter.take_turn(ARRAY[_site]);
    END IF;

    SELECT array_agg(l.id), array_agg(l.version) INTO _ids, _versions
    FROM (
        SELECT c.id, c.version FROM counter.counts c WHERE c.site = _site AND c.path = ANY (_paths)
        ORDER BY c.site, c.path FOR NO KEY UPDATE) l;
    IF _ids IS NULL THEN
        RETURN false;
    END IF;

    DELETE FROM counter.history WHERE count_id = ANY (_ids);
    IF _forget THEN
        PERFORM counter.forget(array_agg(c.id)) FROM counter.counts c
        WHERE c.id = ANY (_ids) AND CASE WHEN c.path <> '' THEN c.viewers = 0
            ELSE NOT EXISTS (SELECT FROM counter.counts p WHERE p.site = _site AND p.path <> '') END;
    END IF;

    _now := counter.now_ms();
    UPDATE counter.counts c SET
        version = greatest(c.version + 1, _now), peak = c.viewers, peak_at = CASE WHEN c.viewers > 0 THEN _now END,
        arrivals = 0, since = CASE WHEN c.viewers > 0 THEN _now END, seen_at = _now,
        minute = (c.viewers, 0, 0), hour = (c.viewers, 0, 0), day = (c.viewers, 0, 0)
    WHERE c.id = ANY (_ids);
    PERFORM counter.announce(_ids, _versions);
    RETURN true;
END
$$;

-- The same for the pages of a site that come after a path, so many at a time: each may have thousands of rows of history. Answers with
-- the last of them; null when there are no more.
CREATE FUNCTION counter.reset_pages(_site text, _after text, _most int, _forget boolean) RETURNS text LANGUAGE plpgsql AS
$$
DECLARE
    _paths text[] := ARRAY(SELECT path FROM counter.counts WHERE site = _site AND path > _after ORDER BY path LIMIT _most);
BEGIN
    PERFORM counter.reset(_site, _paths, _forget);
    RETURN _paths[_most];
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
