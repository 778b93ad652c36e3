-- The policy is decided in the register, and the office words what the public is told.

SET LOCAL search_path = gangpai;

CREATE TABLE policy_decision (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    text text NOT NULL,
    reason text NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL
);
SELECT only_added_to('policy_decision');

CREATE TABLE public_text (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    subject text NOT NULL CHECK (subject IN ('complaint_phone', 'complaint_place', 'about')),
    text text NOT NULL,
    worded_at timestamptz NOT NULL
);
CREATE INDEX ON public_text (subject, doc_id);
SELECT only_added_to('public_text');
