-- Branches are reminded of overdue plates, and a return names the officer who entered it.

SET LOCAL search_path = gangpai;

CREATE TABLE recall_reminder (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    branch_id text NOT NULL REFERENCES organisation,
    way text NOT NULL CHECK (way IN ('mail', 'robot')),
    sent_on date NOT NULL,
    attempt bigint NOT NULL,
    plates bigint NOT NULL,
    begun_at timestamptz NOT NULL
);
CREATE INDEX ON recall_reminder (branch_id, doc_id);
SELECT only_added_to('recall_reminder');

CREATE TABLE recall_reminder_outcome (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    reminder_id text NOT NULL REFERENCES recall_reminder,
    branch_id text NOT NULL REFERENCES organisation,
    problem text NOT NULL,
    ended_at timestamptz NOT NULL
);
CREATE INDEX ON recall_reminder_outcome (branch_id, doc_id);
SELECT only_added_to('recall_reminder_outcome');

ALTER TABLE return
    ADD taken_by text NOT NULL DEFAULT '';
