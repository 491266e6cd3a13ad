-- What takes a look at every page: how many there are, how many of them somebody looks at, and which most do. It is found out once for
-- all gateways and all who watch, and holds for 3 s; for longer when that took long, so that little of the time goes into it.
CREATE UNLOGGED TABLE counter.overview (
    found_at bigint NOT NULL, holds_until bigint NOT NULL, pages int NOT NULL, active int NOT NULL, busiest bigint[] NOT NULL);

CREATE FUNCTION counter.look_over() RETURNS counter.overview LANGUAGE plpgsql AS
$$
DECLARE
    _now bigint := counter.now_ms();
    _began timestamptz;
    _found counter.overview;
BEGIN
    SELECT * INTO _found FROM counter.overview;
    IF _now BETWEEN _found.found_at AND _found.holds_until THEN
        RETURN _found;
    END IF;

    -- One looks; the others take what was found before, if anything was.
    IF NOT pg_try_advisory_xact_lock(1668247157) THEN
        IF _found.found_at IS NOT NULL THEN
            RETURN _found;
        END IF;

        PERFORM pg_advisory_xact_lock(1668247157);
        SELECT * INTO _found FROM counter.overview;
        IF _found.found_at IS NOT NULL THEN
            RETURN _found;
        END IF;
    END IF;

    _began := clock_timestamp();

    SELECT count(*), count(*) FILTER (WHERE viewers > 0) INTO _found.pages, _found.active FROM counter.counts WHERE path <> '';
    _found.busiest := ARRAY(
        SELECT id FROM counter.counts WHERE path <> '' AND viewers > 0 ORDER BY viewers DESC, site, path LIMIT 100);
    _found.found_at := _now;
    _found.holds_until := _now + greatest(3000, 20000 * extract(epoch FROM clock_timestamp() - _began))::bigint;
    DELETE FROM counter.overview;
    INSERT INTO counter.overview SELECT _found.*;
    RETURN _found;
END
$$;
