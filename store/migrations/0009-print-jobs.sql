-- Officers have posts printed in the background; who works on a job, and how far it came, is on record.

SET LOCAL search_path = gangpai;

CREATE TABLE print_job (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    officer_id text NOT NULL REFERENCES officer,
    branch_id text REFERENCES organisation,
    post_ids text[] NOT NULL,
    order_product text NOT NULL CHECK (order_product IN ('plaque', 'badge', 'desk', 'door')),
    order_stage text CHECK (order_stage IN ('creation', 'title')),
    order_proof boolean NOT NULL,
    order_again text NOT NULL,
    order_design text NOT NULL,
    order_size text NOT NULL,
    order_sheet text NOT NULL,
    order_skip bigint NOT NULL,
    order_bleed_mm bigint NOT NULL,
    order_inks text NOT NULL,
    order_duplex boolean NOT NULL,
    order_names_by text NOT NULL,
    accepted text[] NOT NULL,
    ordered_at timestamptz NOT NULL
);
CREATE INDEX ON print_job (branch_id, doc_id);
SELECT only_added_to('print_job');

CREATE TABLE print_claim (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    job_id text NOT NULL REFERENCES print_job,
    runner text NOT NULL,
    claimed_at timestamptz NOT NULL
);
CREATE INDEX ON print_claim (job_id, doc_id);
SELECT only_added_to('print_claim');

CREATE TABLE print_beat (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    job_id text NOT NULL REFERENCES print_job,
    claim_id text NOT NULL REFERENCES print_claim,
    posts_done bigint NOT NULL,
    copies_done bigint NOT NULL,
    beat_at timestamptz NOT NULL
);
CREATE INDEX ON print_beat (job_id, doc_id);
SELECT only_added_to('print_beat');

CREATE TABLE print_part (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    job_id text NOT NULL REFERENCES print_job,
    claim_id text NOT NULL REFERENCES print_claim,
    post_ids text[] NOT NULL,
    copies bigint NOT NULL,
    code text NOT NULL,
    begun_at timestamptz NOT NULL
);
CREATE INDEX ON print_part (job_id, doc_id);
SELECT only_added_to('print_part');

CREATE TABLE print_cancel (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    job_id text NOT NULL REFERENCES print_job,
    officer_id text NOT NULL REFERENCES officer,
    cancelled_at timestamptz NOT NULL
);
SELECT only_added_to('print_cancel');

CREATE TABLE print_end (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    job_id text NOT NULL REFERENCES print_job,
    outcome text NOT NULL CHECK (outcome IN ('finished', 'unanswered', 'stopped', 'cancelled')),
    remarks jsonb NOT NULL,
    ended_at timestamptz NOT NULL
);
SELECT only_added_to('print_end');
