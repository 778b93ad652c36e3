-- What of a plate differs, what is added to a message, and reports of forged plates, which belong to no post.

SET LOCAL search_path = gangpai;

ALTER TABLE feedback ADD COLUMN differs text CHECK (differs IN (
    'name', 'duties', 'post', 'picture', 'number', 'other'
));

CREATE TABLE addition (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    feedback_id text NOT NULL REFERENCES feedback,
    post_id text NOT NULL REFERENCES post,
    topic text CHECK (topic IN (
        'rating', 'plate_differs', 'not_here', 'still_displayed', 'other', 'complaint', 'praise'
    )),
    comment text NOT NULL,
    sealed_contact text NOT NULL,
    added_at timestamptz NOT NULL
);
CREATE INDEX ON addition (feedback_id, doc_id);
CREATE INDEX ON addition (post_id, doc_id);
CREATE INDEX ON addition (topic, doc_id);
SELECT only_added_to('addition');

CREATE TABLE forgery_report (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    place text NOT NULL,
    looks text NOT NULL,
    scanned text NOT NULL,
    sealed_contact text NOT NULL,
    reported_at timestamptz NOT NULL
);
SELECT only_added_to('forgery_report');

CREATE TABLE forgery_answered (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    report_id text NOT NULL REFERENCES forgery_report,
    answer text NOT NULL,
    answered_at timestamptz NOT NULL
);
CREATE INDEX ON forgery_answered (report_id, doc_id);
SELECT only_added_to('forgery_answered');
