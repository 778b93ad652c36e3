-- An identity provider may vouch for officers, and for a second factor they used with it.

SET LOCAL search_path = gangpai;

CREATE TABLE identity_binding (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    officer_id text NOT NULL REFERENCES officer,
    issuer text NOT NULL,
    claim text NOT NULL CHECK (claim IN ('sub', 'email')),
    value text NOT NULL,
    bound_at timestamptz NOT NULL
);
CREATE INDEX ON identity_binding (officer_id, doc_id);
CREATE INDEX ON identity_binding (value, doc_id);
SELECT only_added_to('identity_binding');

CREATE TABLE identity_binding_end (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    binding_id text NOT NULL REFERENCES identity_binding,
    reason text NOT NULL,
    ended_at timestamptz NOT NULL
);
CREATE INDEX ON identity_binding_end (binding_id, doc_id);
SELECT only_added_to('identity_binding_end');

ALTER TABLE officer_session
    ADD assured_by text NOT NULL DEFAULT '';
