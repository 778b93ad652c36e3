-- Every step of a post's life has a record of its own: plans, notices, assessments, inspections, feedback's fate.

SET LOCAL search_path = gangpai;

CREATE TABLE branch_plan (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    branch_id text NOT NULL REFERENCES organisation,
    year bigint NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    filed_at timestamptz NOT NULL
);
CREATE INDEX ON branch_plan (branch_id, doc_id);
CREATE INDEX ON branch_plan (year, doc_id);
SELECT only_added_to('branch_plan');

CREATE TABLE public_notice (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    subject text NOT NULL CHECK (subject IN ('plans', 'applications')),
    object_ids text[] NOT NULL,
    places text NOT NULL,
    opens_on date NOT NULL,
    closes_on date NOT NULL,
    posted_at timestamptz NOT NULL,
    CHECK (cardinality(object_ids) > 0),
    CHECK (opens_on <= closes_on)
);
SELECT only_added_to('public_notice');

CREATE TABLE objection (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    notice_id text NOT NULL REFERENCES public_notice,
    object_id text NOT NULL,
    text text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('scan', 'paper')),
    received_at timestamptz NOT NULL,
    sealed_contact text NOT NULL
);
CREATE INDEX ON objection (notice_id, doc_id);
CREATE INDEX ON objection (object_id, doc_id);
SELECT only_added_to('objection');

CREATE TABLE objection_settled (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    objection_id text NOT NULL REFERENCES objection,
    finding text NOT NULL CHECK (finding IN ('substantiated', 'unsubstantiated', 'unverifiable')),
    answer text NOT NULL,
    settled_at timestamptz NOT NULL
);
CREATE INDEX ON objection_settled (objection_id, doc_id);
SELECT only_added_to('objection_settled');

CREATE TABLE application_returned (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    application_id text NOT NULL REFERENCES application,
    post_id text NOT NULL REFERENCES post,
    document text NOT NULL,
    opinion text NOT NULL,
    returned_at timestamptz NOT NULL
);
CREATE INDEX ON application_returned (application_id, doc_id);
CREATE INDEX ON application_returned (post_id, doc_id);
SELECT only_added_to('application_returned');

CREATE TABLE placement (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    copy_id text NOT NULL REFERENCES copy,
    post_id text NOT NULL REFERENCES post,
    place text NOT NULL,
    placed_on date NOT NULL,
    entered_at timestamptz NOT NULL
);
CREATE INDEX ON placement (copy_id, doc_id);
CREATE INDEX ON placement (post_id, doc_id);
SELECT only_added_to('placement');

CREATE TABLE damage (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    copy_id text NOT NULL REFERENCES copy,
    post_id text NOT NULL REFERENCES post,
    reason text NOT NULL,
    reported_at timestamptz NOT NULL
);
CREATE INDEX ON damage (copy_id, doc_id);
CREATE INDEX ON damage (post_id, doc_id);
SELECT only_added_to('damage');

CREATE TABLE call_back (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    feedback_id text NOT NULL REFERENCES feedback,
    post_id text NOT NULL REFERENCES post,
    note text NOT NULL,
    called_at timestamptz NOT NULL
);
CREATE INDEX ON call_back (feedback_id, doc_id);
CREATE INDEX ON call_back (post_id, doc_id);
SELECT only_added_to('call_back');

CREATE TABLE settlement (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    feedback_id text NOT NULL REFERENCES feedback,
    post_id text NOT NULL REFERENCES post,
    answer text NOT NULL,
    settled_at timestamptz NOT NULL
);
CREATE INDEX ON settlement (feedback_id, doc_id);
CREATE INDEX ON settlement (post_id, doc_id);
SELECT only_added_to('settlement');

CREATE TABLE re_rating (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    feedback_id text NOT NULL REFERENCES feedback,
    post_id text NOT NULL REFERENCES post,
    grade bigint NOT NULL CHECK (grade IN (5, 4, 3, 2, 1)),
    rated_at timestamptz NOT NULL
);
CREATE INDEX ON re_rating (feedback_id, doc_id);
CREATE INDEX ON re_rating (post_id, doc_id);
SELECT only_added_to('re_rating');

CREATE TABLE contact_read (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    subject_id text NOT NULL,
    reason text NOT NULL,
    read_at timestamptz NOT NULL
);
CREATE INDEX ON contact_read (subject_id, doc_id);
SELECT only_added_to('contact_read');

CREATE TABLE paper_survey (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    post_id text NOT NULL REFERENCES post,
    branch_id text NOT NULL REFERENCES organisation,
    held_on date NOT NULL,
    counts bigint[] NOT NULL,
    method text NOT NULL,
    entered_at timestamptz NOT NULL,
    CHECK (cardinality(counts) = 5),
    CHECK (0 <= ALL (counts))
);
CREATE INDEX ON paper_survey (post_id, doc_id);
CREATE INDEX ON paper_survey (branch_id, doc_id);
SELECT only_added_to('paper_survey');

CREATE TABLE inspection (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    post_id text NOT NULL REFERENCES post,
    branch_id text NOT NULL REFERENCES organisation,
    round text NOT NULL,
    inspected_on date NOT NULL,
    report text NOT NULL,
    site text NOT NULL,
    opinions text NOT NULL,
    report_points bigint NOT NULL,
    site_points bigint NOT NULL,
    survey_points bigint NOT NULL,
    survey_count bigint NOT NULL,
    survey_satisfied bigint NOT NULL,
    points bigint NOT NULL,
    meets_standards boolean NOT NULL,
    recognised boolean NOT NULL,
    outstanding boolean NOT NULL,
    effective boolean NOT NULL,
    entered_at timestamptz NOT NULL,
    CHECK (report_points BETWEEN 0 AND 100),
    CHECK (site_points BETWEEN 0 AND 100),
    CHECK (survey_points BETWEEN 0 AND 100),
    CHECK (points BETWEEN 0 AND 100),
    CHECK (survey_satisfied BETWEEN 0 AND survey_count)
);
CREATE INDEX ON inspection (post_id, doc_id);
CREATE INDEX ON inspection (branch_id, doc_id);
CREATE INDEX ON inspection (round, doc_id);
SELECT only_added_to('inspection');

CREATE TABLE assessment (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    post_id text NOT NULL REFERENCES post,
    branch_id text NOT NULL REFERENCES organisation,
    member_name text NOT NULL,
    period text NOT NULL,
    standards boolean[] NOT NULL,
    remarks text NOT NULL,
    assessed_on date NOT NULL,
    entered_at timestamptz NOT NULL,
    corrects text REFERENCES assessment,
    CHECK (cardinality(standards) = 6),
    CONSTRAINT assessment_names_another CHECK (corrects <> id)
);
CREATE INDEX ON assessment (post_id, doc_id);
CREATE INDEX ON assessment (branch_id, doc_id);
CREATE INDEX ON assessment (period, doc_id);
CREATE INDEX ON assessment (corrects, doc_id);
SELECT only_added_to('assessment');

CREATE TABLE rectification (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    post_id text NOT NULL REFERENCES post,
    branch_id text NOT NULL REFERENCES organisation,
    member_name text NOT NULL,
    assessment_id text REFERENCES assessment,
    problem text NOT NULL,
    due_on date NOT NULL,
    ordered_at timestamptz NOT NULL
);
CREATE INDEX ON rectification (post_id, doc_id);
CREATE INDEX ON rectification (branch_id, doc_id);
CREATE INDEX ON rectification (assessment_id, doc_id);
SELECT only_added_to('rectification');

CREATE TABLE rectification_closed (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    rectification_id text NOT NULL REFERENCES rectification,
    post_id text NOT NULL REFERENCES post,
    result text NOT NULL CHECK (result IN ('done', 'not_done')),
    evidence text NOT NULL,
    closed_at timestamptz NOT NULL
);
CREATE INDEX ON rectification_closed (rectification_id, doc_id);
CREATE INDEX ON rectification_closed (post_id, doc_id);
SELECT only_added_to('rectification_closed');

CREATE TABLE post_end (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    post_id text NOT NULL REFERENCES post,
    cause text NOT NULL CHECK (cause IN ('term_over', 'stopped')),
    reason text NOT NULL,
    ended_at timestamptz NOT NULL
);
CREATE INDEX ON post_end (post_id, doc_id);
SELECT only_added_to('post_end');

CREATE TABLE veto_correction (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    veto_id text NOT NULL REFERENCES veto,
    post_id text NOT NULL REFERENCES post,
    document text NOT NULL,
    reason text NOT NULL,
    corrected_at timestamptz NOT NULL
);
CREATE INDEX ON veto_correction (veto_id, doc_id);
CREATE INDEX ON veto_correction (post_id, doc_id);
SELECT only_added_to('veto_correction');

CREATE TABLE commitment (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    post_id text NOT NULL REFERENCES post,
    member_name text NOT NULL,
    text text NOT NULL,
    made_on date NOT NULL,
    entered_at timestamptz NOT NULL
);
CREATE INDEX ON commitment (post_id, doc_id);
SELECT only_added_to('commitment');

CREATE TABLE exemplary_deed (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    post_id text NOT NULL REFERENCES post,
    member_name text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    entered_at timestamptz NOT NULL
);
CREATE INDEX ON exemplary_deed (post_id, doc_id);
SELECT only_added_to('exemplary_deed');

CREATE TABLE supervision (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    branch_id text NOT NULL REFERENCES organisation,
    post_id text REFERENCES post,
    supervised_on date NOT NULL,
    findings text NOT NULL,
    guidance text NOT NULL,
    entered_at timestamptz NOT NULL
);
CREATE INDEX ON supervision (branch_id, doc_id);
CREATE INDEX ON supervision (post_id, doc_id);
SELECT only_added_to('supervision');

CREATE TABLE year_summary (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    branch_id text NOT NULL REFERENCES organisation,
    year bigint NOT NULL,
    text text NOT NULL,
    entered_at timestamptz NOT NULL
);
CREATE INDEX ON year_summary (branch_id, doc_id);
CREATE INDEX ON year_summary (year, doc_id);
SELECT only_added_to('year_summary');

CREATE TABLE attachment_content (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    data text NOT NULL
);
SELECT only_added_to('attachment_content');

CREATE TABLE attachment (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    subject text NOT NULL,
    subject_id text NOT NULL,
    branch_id text REFERENCES organisation,
    file_name text NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL,
    content_id text NOT NULL REFERENCES attachment_content,
    caption text NOT NULL,
    attached_at timestamptz NOT NULL
);
CREATE INDEX ON attachment (subject_id, doc_id);
CREATE INDEX ON attachment (branch_id, doc_id);
CREATE INDEX ON attachment (content_id, doc_id);
SELECT only_added_to('attachment');

CREATE TABLE tree_node (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    hash text NOT NULL
);
SELECT only_added_to('tree_node');

ALTER TABLE application ADD reason text NOT NULL DEFAULT '';

ALTER TABLE feedback
    DROP CONSTRAINT feedback_topic_check,
    ADD CHECK (topic IN ('rating', 'plate_differs', 'not_here', 'still_displayed', 'other', 'complaint', 'praise')),
    ADD channel text NOT NULL DEFAULT 'scan' CHECK (channel IN ('scan', 'paper')),
    ADD sealed_contact text NOT NULL DEFAULT '';

ALTER TABLE award
    ADD round text NOT NULL DEFAULT '',
    ADD inspection_id text REFERENCES inspection;

ALTER TABLE recall_line
    DROP CONSTRAINT recall_line_cause_check,
    ADD CHECK (cause IN ('veto', 'replacement', 'departure', 'end')),
    ADD veto_id text REFERENCES veto;

CREATE INDEX ON feedback (grade, doc_id);
CREATE INDEX ON feedback (topic, doc_id);

ALTER TABLE log_entry ADD salt text NOT NULL DEFAULT '';
