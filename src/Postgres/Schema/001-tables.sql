-- What gateways report, what that adds up to, and what people decided. Times are milliseconds since 1970 by the clock of this
-- database, so the clocks of gateways do not matter. Nothing here is about a person.

CREATE FUNCTION counter.now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS
$$ SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;

-- What a minute, an hour or a day has had so far.
CREATE TYPE counter.sum AS (peak int, spent bigint, arrivals bigint);

-- A number: of a page, or, where the path is empty, of a site. It is updated in place, some twenty times a second for a busy site:
-- room is left on each block, and no index has a column that changes, so that an update touches nothing but the row's own block.
CREATE TABLE counter.counts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site text COLLATE "C" NOT NULL,
    path text COLLATE "C" NOT NULL,
    held bigint NOT NULL DEFAULT 0,         -- the sum of the leases, or of the pages of a site
    viewers int NOT NULL DEFAULT 0,         -- the same, cut to what fits
    version bigint NOT NULL,
    peak int NOT NULL DEFAULT 0,
    peak_at bigint,
    arrivals bigint NOT NULL DEFAULT 0,
    since bigint,
    seen_at bigint NOT NULL,                -- until when the sums below are told
    minute counter.sum NOT NULL DEFAULT (0, 0, 0),
    hour counter.sum NOT NULL DEFAULT (0, 0, 0),
    day counter.sum NOT NULL DEFAULT (0, 0, 0),
    UNIQUE (site, path)
) WITH (fillfactor = 50);

CREATE INDEX sites ON counter.counts (site) WHERE path = '';

-- What a gateway last said about a page. It outlives its viewers by an hour, so that a late report is known to be late and
-- arrivals are not counted twice.
CREATE TABLE counter.leases (
    count_id bigint NOT NULL,
    gateway text COLLATE "C" NOT NULL,
    opened bigint NOT NULL,
    sequence bigint NOT NULL,
    viewers int NOT NULL,
    arrivals bigint NOT NULL,
    said_at bigint NOT NULL,
    PRIMARY KEY (count_id, gateway)
) WITH (fillfactor = 50);

CREATE INDEX leases_by_gateway ON counter.leases (gateway);

-- All leases of a gateway hold as long as it is heard here. The table is empty after a crash, so every gateway then learns that
-- it is not known and reports everything: what was reported in the crash's last moments may be lost.
CREATE UNLOGGED TABLE counter.gateways (
    id text COLLATE "C" PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    version text NOT NULL,
    started_at timestamptz NOT NULL,
    streams int NOT NULL,
    viewers int NOT NULL,
    address text NOT NULL,                  -- where the others reach it
    heard_at bigint NOT NULL,
    lapsed boolean NOT NULL DEFAULT false   -- given up; its viewers are being taken out
) WITH (fillfactor = 50);

-- One row: when somebody last looked for gateways that are not heard, and until when none is given up.
CREATE UNLOGGED TABLE counter.watch (watched_at bigint NOT NULL, patient_until bigint NOT NULL);

-- A row when a site was refused, so that room is made. Nothing is unique here: whoever adds one waits for nobody.
CREATE UNLOGGED TABLE counter.crowd (refused_at bigint NOT NULL);

-- Closed steps: one row for a run of equal steps, none where nothing happened. 0 = minutes, 1 = hours, 2 = days, numbered from 1970.
CREATE TABLE counter.history (
    count_id bigint NOT NULL,
    step smallint NOT NULL,
    first int NOT NULL,
    after int NOT NULL,                     -- the number of the step after the last one
    peak int NOT NULL,
    spent bigint NOT NULL,
    arrivals bigint NOT NULL,
    PRIMARY KEY (count_id, step, first)
);

CREATE INDEX history_by_age ON counter.history (step, after);

-- Settings, keys, webhooks, the audit log. A document without text was deleted; it goes when everybody must have heard of that.
CREATE TABLE counter.documents (
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    json text,
    version bigint NOT NULL,
    changed_at bigint NOT NULL,
    PRIMARY KEY (kind, id)
);

CREATE INDEX documents_by_version ON counter.documents (kind, version);

-- One row, locked by whoever changes documents, so that versions become visible in their order.
CREATE TABLE counter.documents_version (version bigint NOT NULL, forgotten bigint NOT NULL);
INSERT INTO counter.documents_version VALUES (0, 0);
