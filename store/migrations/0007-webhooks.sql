-- Other programs are told of changed standings; each attempt to tell them is on record.

SET LOCAL search_path = gangpai;

CREATE TABLE webhook (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    address text NOT NULL,
    events text[] NOT NULL,
    sealed_secret text NOT NULL,
    after_entry bigint NOT NULL,
    after_sighting bigint NOT NULL,
    added_at timestamptz NOT NULL
);
SELECT only_added_to('webhook');

CREATE TABLE webhook_end (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    webhook_id text NOT NULL REFERENCES webhook,
    reason text NOT NULL,
    ended_at timestamptz NOT NULL
);
CREATE INDEX ON webhook_end (webhook_id, doc_id);
SELECT only_added_to('webhook_end');

CREATE TABLE delivery (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    webhook_id text NOT NULL REFERENCES webhook,
    event text NOT NULL CHECK (event IN (
        'post.awarded', 'post.revoked', 'post.veto_corrected', 'post.ended',
        'copy.replaced', 'copy.lost', 'copy.returned', 'copy.left', 'copy.still_displayed'
    )),
    source_id text NOT NULL,
    part bigint NOT NULL,
    attempt bigint NOT NULL,
    begun_at timestamptz NOT NULL
);
CREATE INDEX ON delivery (webhook_id, doc_id);
SELECT only_added_to('delivery');

CREATE TABLE delivery_outcome (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    delivery_id text NOT NULL REFERENCES delivery,
    webhook_id text NOT NULL REFERENCES webhook,
    status bigint NOT NULL,
    problem text NOT NULL,
    ended_at timestamptz NOT NULL
);
CREATE INDEX ON delivery_outcome (webhook_id, doc_id);
SELECT only_added_to('delivery_outcome');
