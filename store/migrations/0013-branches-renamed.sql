-- A general branch goes by another name.

SET LOCAL search_path = gangpai;

CREATE TABLE organisation_renamed (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    organisation_id text NOT NULL REFERENCES organisation,
    name text NOT NULL,
    reason text NOT NULL,
    renamed_at timestamptz NOT NULL
);
CREATE INDEX ON organisation_renamed (organisation_id, doc_id);
CREATE INDEX ON organisation_renamed (name, doc_id);
SELECT only_added_to('organisation_renamed');
