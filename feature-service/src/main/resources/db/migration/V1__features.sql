-- Everything that the feature service knows. Picture ids are SHA-256 in lower-case hex.

-- An extractor is named by its digest everywhere outside; the number keeps the large tables narrow.
create table extractor (
    id                integer generated always as identity primary key,
    digest            text collate "C" not null unique,
    backbone          text    not null,
    layer             text    not null,
    input_size_pixels integer not null,
    precision         text    not null,
    dimension         integer not null
);

-- A worker's lease on some pending pictures. Its id is the fencing token: it is never used again, and whoever finds
-- it gone has lost the right to commit.
create table claim (
    id         uuid primary key,
    worker     text        not null,
    expires_at timestamptz not null
);
create index claim_expiry on claim (expires_at);

-- Embeddings to be computed. A row leaves in the very transaction that puts the result into embedding or failure.
create table pending (
    extractor_id integer  not null references extractor,
    image_id     text collate "C" not null,
    priority     smallint not null, -- 1: a job waits for it, 0: in advance
    position     bigint generated always as identity,
    claim_id     uuid,
    primary key (extractor_id, image_id)
);
create index pending_free on pending (priority desc, position) where claim_id is null;
create index pending_free_by_extractor on pending (extractor_id, priority desc, position) where claim_id is null;
create index pending_claimed on pending (claim_id) where claim_id is not null;

-- An immutable file of embeddings in object storage.
create table segment (
    id           uuid primary key,
    extractor_id integer     not null references extractor,
    object_key   text        not null unique,
    pictures     integer     not null,
    committed_at timestamptz not null default now()
);

-- Where each embedding lies. The key is the promise: one computation for each picture and extractor, for ever.
create table embedding (
    extractor_id integer not null references extractor,
    image_id     text collate "C" not null,
    segment_id   uuid    not null references segment,
    row_number   integer not null,
    primary key (extractor_id, image_id)
);

-- Pictures that cannot have an embedding, and why.
create table failure (
    extractor_id integer     not null references extractor,
    image_id     text collate "C" not null,
    reason       text        not null,
    detail       text        not null,
    failed_at    timestamptz not null default now(),
    primary key (extractor_id, image_id)
);

-- Requests for the embeddings of many pictures.
create table job (
    id                text collate "C" primary key,
    manifest_key      text,
    image_ids         text, -- separated by commas, when there is no manifest
    backbone          text,
    layer             text,
    input_size_pixels integer,
    precision         text        not null,
    extractor_id      integer references extractor,
    state             text        not null default 'QUEUED',
    total             bigint      not null default 0,
    cached            bigint      not null default 0,
    computed          bigint      not null default 0,
    failed            bigint      not null default 0,
    index_key         text,
    detail            text,
    requested_at      timestamptz not null default now(),
    started_at        timestamptz,
    finished_at       timestamptz,
    announced         bigint      not null default 0, -- computed + failed, as last told
    announced_at      timestamptz,
    lease_id          uuid,
    lease_expires_at  timestamptz,
    check ((manifest_key is null) <> (image_ids is null)),
    check (state in ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED'))
);
create index job_open on job (requested_at) where state in ('QUEUED', 'RUNNING');

-- What a running job still waits for.
create table job_missing (
    job_id       text collate "C" not null references job,
    extractor_id integer not null,
    image_id     text collate "C" not null,
    primary key (extractor_id, image_id, job_id)
);

-- Which of a job's pictures have no embedding.
create table job_failure (
    job_id   text collate "C" not null references job,
    image_id text collate "C" not null,
    primary key (job_id, image_id)
);
