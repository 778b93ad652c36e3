-- The register as the first release kept it: one table for each class of store/records.py, only ever added to.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gangpai_register') THEN
        CREATE ROLE gangpai_register NOLOGIN;  -- roles belong to the server: another database may have made it
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- another database made it at this moment
END $$;

DO $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT gangpai_register TO %I', current_user);
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    NULL;  -- whoever made the role has to grant it
END $$;

CREATE SCHEMA gangpai;
GRANT USAGE ON SCHEMA gangpai TO gangpai_register;
SET LOCAL search_path = gangpai;

CREATE TABLE applied_migration (
    version integer PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON applied_migration TO gangpai_register;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the register is only ever added to';
END $$;

CREATE FUNCTION number_without_gap() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last bigint;
BEGIN
    EXECUTE format('SELECT coalesce(max(doc_id), 0) FROM %I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO last;
    IF NEW.doc_id <> last + 1 THEN
        RAISE EXCEPTION 'records are numbered without gaps';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION only_added_to(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('GRANT SELECT, INSERT ON gangpai.%I TO gangpai_register', name);
    EXECUTE format('CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON gangpai.%I '
                   'EXECUTE FUNCTION gangpai.refuse_change()', name);
    EXECUTE format('CREATE TRIGGER without_gap BEFORE INSERT ON gangpai.%I '
                   'FOR EACH ROW EXECUTE FUNCTION gangpai.number_without_gap()', name);
END $$;

-- How many times something was committed: open pages ask it whether anything has changed.
CREATE TABLE commit_count (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    n bigint NOT NULL DEFAULT 0
);
INSERT INTO commit_count DEFAULT VALUES;
GRANT SELECT, UPDATE (n) ON commit_count TO gangpai_register;
CREATE TRIGGER one_by_one BEFORE UPDATE ON commit_count
    FOR EACH ROW WHEN (NEW.n <> OLD.n + 1) EXECUTE FUNCTION refuse_change();

CREATE TABLE organisation (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('committee', 'general_branch')),
    parent_id text REFERENCES organisation,
    CONSTRAINT organisation_names_another CHECK (parent_id <> id)
);
CREATE INDEX ON organisation (name, doc_id);
SELECT only_added_to('organisation');

CREATE TABLE officer (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    display_name text NOT NULL,
    role text NOT NULL CHECK (role IN ('committee', 'branch_officer', 'print_clerk', 'inspector', 'administrator', 'public')),
    branch_id text REFERENCES organisation,
    password_hash text NOT NULL,
    added_at timestamptz NOT NULL
);
SELECT only_added_to('officer');

CREATE TABLE officer_disabled (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    officer_id text NOT NULL REFERENCES officer,
    reason text NOT NULL,
    disabled_at timestamptz NOT NULL
);
CREATE INDEX ON officer_disabled (officer_id, doc_id);
SELECT only_added_to('officer_disabled');

CREATE TABLE sign_in_failure (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    account text NOT NULL,
    network text NOT NULL,
    failed_at timestamptz NOT NULL
);
CREATE INDEX ON sign_in_failure (account, doc_id);
CREATE INDEX ON sign_in_failure (network, doc_id);
SELECT only_added_to('sign_in_failure');

CREATE TABLE officer_session (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    officer_id text NOT NULL REFERENCES officer,
    started_at timestamptz NOT NULL
);
CREATE INDEX ON officer_session (officer_id, doc_id);
SELECT only_added_to('officer_session');

CREATE TABLE session_seen (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    session_id text NOT NULL REFERENCES officer_session,
    seen_at timestamptz NOT NULL
);
CREATE INDEX ON session_seen (session_id, doc_id);
SELECT only_added_to('session_seen');

CREATE TABLE session_end (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    session_id text NOT NULL REFERENCES officer_session,
    ended_at timestamptz NOT NULL
);
CREATE INDEX ON session_end (session_id, doc_id);
SELECT only_added_to('session_end');

CREATE TABLE post (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    year bigint NOT NULL,
    branch_id text NOT NULL REFERENCES organisation
);
CREATE INDEX ON post (year, doc_id);
CREATE INDEX ON post (branch_id, doc_id);
SELECT only_added_to('post');

CREATE TABLE application (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    post_id text NOT NULL REFERENCES post,
    branch_id text NOT NULL REFERENCES organisation,
    year bigint NOT NULL,
    content_name text NOT NULL,
    content_kind text NOT NULL CHECK (content_kind IN ('individual', 'collective')),
    content_collective_kind text CHECK (content_collective_kind IN ('office', 'service_post', 'branch')),
    content_place text NOT NULL,
    content_duties text NOT NULL,
    content_members jsonb NOT NULL,
    content_other_staff text[] NOT NULL,
    content_commitment text NOT NULL,
    filed_at timestamptz NOT NULL,
    timing text NOT NULL CHECK (timing IN ('early', 'in_window', 'late')),
    CHECK ((content_kind = 'collective') = (content_collective_kind IS NOT NULL)),
    CHECK (jsonb_typeof(content_members) = 'array')
);
CREATE INDEX ON application (post_id, doc_id);
CREATE INDEX ON application (branch_id, doc_id);
CREATE INDEX ON application (year, doc_id);
SELECT only_added_to('application');

CREATE TABLE approval (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    application_id text NOT NULL REFERENCES application,
    post_id text NOT NULL REFERENCES post,
    document text NOT NULL,
    opinion text NOT NULL,
    consents text[] NOT NULL,
    approved_at timestamptz NOT NULL
);
CREATE INDEX ON approval (post_id, doc_id);
CREATE INDEX ON approval (application_id, doc_id);
SELECT only_added_to('approval');

CREATE TABLE copy (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    code text NOT NULL,
    post_id text NOT NULL REFERENCES post,
    branch_id text NOT NULL REFERENCES organisation,
    application_id text NOT NULL REFERENCES application,
    product text NOT NULL CHECK (product IN ('plaque', 'badge', 'desk', 'door')),
    stage text NOT NULL CHECK (stage IN ('creation', 'title')),
    design text NOT NULL,
    size text NOT NULL,
    face_heading text NOT NULL,
    face_post_name text NOT NULL,
    face_duties text NOT NULL,
    face_member_count bigint NOT NULL,
    face_names text[] NOT NULL,
    face_holder text NOT NULL,
    face_holder_title text NOT NULL,
    face_branch_name text NOT NULL,
    face_issuer text NOT NULL,
    face_dated_on date NOT NULL,
    face_mark text NOT NULL,
    place text NOT NULL,
    issued_at timestamptz NOT NULL,
    replaces text REFERENCES copy,
    CHECK (face_member_count = cardinality(face_names)),
    CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{26}$'),
    CONSTRAINT copy_names_another CHECK (replaces <> id),
    UNIQUE (code)
);
CREATE INDEX ON copy (post_id, doc_id);
CREATE INDEX ON copy (branch_id, doc_id);
CREATE INDEX ON copy (replaces, doc_id);
SELECT only_added_to('copy');

CREATE TABLE loss (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    copy_id text NOT NULL REFERENCES copy,
    post_id text NOT NULL REFERENCES post,
    reason text NOT NULL,
    reported_at timestamptz NOT NULL
);
CREATE INDEX ON loss (copy_id, doc_id);
CREATE INDEX ON loss (post_id, doc_id);
SELECT only_added_to('loss');

CREATE TABLE return (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    copy_id text NOT NULL REFERENCES copy,
    post_id text NOT NULL REFERENCES post,
    fate text NOT NULL CHECK (fate IN ('returned', 'destroyed')),
    note text NOT NULL,
    returned_at timestamptz NOT NULL
);
CREATE INDEX ON return (copy_id, doc_id);
CREATE INDEX ON return (post_id, doc_id);
SELECT only_added_to('return');

CREATE TABLE departure (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    post_id text NOT NULL REFERENCES post,
    application_id text NOT NULL REFERENCES application,
    member_name text NOT NULL,
    left_at timestamptz NOT NULL
);
CREATE INDEX ON departure (post_id, doc_id);
SELECT only_added_to('departure');

CREATE TABLE feedback (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    copy_id text NOT NULL,
    post_id text NOT NULL REFERENCES post,
    branch_id text NOT NULL REFERENCES organisation,
    topic text NOT NULL CHECK (topic IN ('rating', 'plate_differs', 'not_here', 'still_displayed', 'other')),
    grade bigint CHECK (grade IN (5, 4, 3, 2, 1)),
    comment text NOT NULL,
    voter text NOT NULL,
    counted boolean NOT NULL,
    given_at timestamptz NOT NULL,
    copy_id_named text GENERATED ALWAYS AS (nullif(copy_id, '')) STORED REFERENCES copy
);
CREATE INDEX ON feedback (copy_id, doc_id);
CREATE INDEX ON feedback (post_id, doc_id);
CREATE INDEX ON feedback (branch_id, doc_id);
CREATE INDEX ON feedback (voter, doc_id);
SELECT only_added_to('feedback');

CREATE TABLE investigation (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    post_id text NOT NULL REFERENCES post,
    feedback_ids text[] NOT NULL,
    finding text NOT NULL CHECK (finding IN ('substantiated', 'unsubstantiated', 'unverifiable')),
    facts text NOT NULL,
    concluded_at timestamptz NOT NULL
);
CREATE INDEX ON investigation (post_id, doc_id);
SELECT only_added_to('investigation');

CREATE TABLE award (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    post_id text NOT NULL REFERENCES post,
    awarded_on date NOT NULL,
    document text NOT NULL,
    entered_at timestamptz NOT NULL
);
CREATE INDEX ON award (post_id, doc_id);
SELECT only_added_to('award');

CREATE TABLE veto (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    post_id text NOT NULL REFERENCES post,
    cause bigint NOT NULL CHECK (cause IN (1, 2, 3, 4)),
    facts text NOT NULL,
    investigation_id text REFERENCES investigation,
    cast_at timestamptz NOT NULL
);
CREATE INDEX ON veto (post_id, doc_id);
SELECT only_added_to('veto');

CREATE TABLE recall_line (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    copy_id text NOT NULL REFERENCES copy,
    post_id text NOT NULL REFERENCES post,
    branch_id text NOT NULL REFERENCES organisation,
    cause text NOT NULL CHECK (cause IN ('veto', 'replacement', 'departure')),
    opened_at timestamptz NOT NULL,
    due_on date NOT NULL
);
CREATE INDEX ON recall_line (copy_id, doc_id);
CREATE INDEX ON recall_line (post_id, doc_id);
CREATE INDEX ON recall_line (branch_id, doc_id);
SELECT only_added_to('recall_line');

CREATE TABLE log_entry (
    doc_id bigint NOT NULL UNIQUE,
    id text PRIMARY KEY CHECK (id <> ''),
    number bigint NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    act text NOT NULL,
    object text NOT NULL,
    reason text NOT NULL,
    digests text[] NOT NULL,
    seal text NOT NULL
);
SELECT only_added_to('log_entry');
