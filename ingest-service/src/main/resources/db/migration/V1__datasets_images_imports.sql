-- A dataset is never removed as a row: frozen versions outlive it, and their numbers are never used again.
create table dataset (
    id         bigint generated always as identity primary key,
    name       text        not null unique,
    created_at timestamptz not null default now(),
    deleted_at timestamptz
);

-- A row says that the bytes lie in object storage under images/<id>.
create table image (
    id            text        not null primary key check (id ~ '^[0-9a-f]{64}$'),
    size_bytes    bigint      not null,
    media_type    text        not null,
    width_pixels  integer     not null,
    height_pixels integer     not null,
    ingested_at   timestamptz not null default now()
);

create table dataset_image (
    dataset_id bigint      not null references dataset,
    image_id   text        not null references image,
    label      text        not null,
    split      text check (split in ('train', 'val', 'test')),
    file_name  text,
    added_at   timestamptz not null default now(),
    primary key (dataset_id, image_id)
);
create index dataset_image_by_label on dataset_image (dataset_id, label, split);

-- classes is the dataset's classes after the import, as JSON.
create table import_job (
    id              uuid        not null primary key,
    dataset_id      bigint      not null references dataset,
    state           text        not null check (state in ('UPLOADING', 'QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED')),
    archive_present boolean     not null default true,
    total           bigint,
    next_ordinal    bigint      not null default 0,
    accepted        bigint      not null default 0,
    duplicates      bigint      not null default 0,
    rejected        bigint      not null default 0,
    classes         text,
    detail          text,
    fencing_token   bigint      not null default 0,
    lease_until     timestamptz not null default now(),
    failures        integer     not null default 0,
    created_at      timestamptz not null default now(),
    started_at      timestamptz,
    finished_at     timestamptz
);
create index import_job_open on import_job (created_at) where archive_present;

-- object_key names the refused bytes, when they were kept for another try.
create table reject (
    id           uuid        not null primary key,
    seq          bigint generated always as identity unique,
    dataset_id   bigint      not null references dataset,
    import_id    uuid references import_job,
    ordinal      bigint,
    file_name    text,
    label        text,
    split        text,
    problem_type text        not null,
    detail       text        not null,
    object_key   text,
    rejected_at  timestamptz not null default now(),
    replayed_as  text references image
);
create index reject_by_dataset on reject (dataset_id, seq);
create index reject_by_import on reject (import_id, ordinal) where import_id is not null;

create table dataset_version (
    dataset_id      bigint      not null references dataset,
    version         integer     not null,
    manifest_key    text        not null,
    manifest_digest text        not null,
    images          bigint      not null,
    classes         text        not null,
    splits          text        not null,
    frozen_at       timestamptz not null default now(),
    primary key (dataset_id, version)
);

-- The answers given to requests that carried an Idempotency-Key.
create table idempotency (
    operation   text        not null,
    key         text        not null,
    fingerprint text        not null,
    status      integer,
    body        text,
    created_at  timestamptz not null default now(),
    primary key (operation, key)
);
create index idempotency_by_age on idempotency (created_at);
