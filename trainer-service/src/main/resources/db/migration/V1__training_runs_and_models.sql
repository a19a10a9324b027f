-- One row for every training run, which is also the durable job that a process works on under a lease.
create table training_run (
    id                  text        primary key,
    idempotency_key     text        unique,
    fingerprint         text        not null,
    dataset             text        not null,
    dataset_version     int         not null,
    manifest_key        text        not null,
    manifest_digest     text        not null,
    model               text        not null,
    spec                text        not null,
    state               text        not null,
    done                bigint      not null default 0,
    total               bigint      not null default 0,
    loss                double precision,
    accuracy            double precision,
    embeddings_total    bigint      not null default 0,
    embeddings_cached   bigint      not null default 0,
    embeddings_computed bigint      not null default 0,
    embeddings_failed   bigint      not null default 0,
    extractor_digest    text,
    index_key           text,
    version             int,
    result              text,
    problem             text,
    created_at          timestamptz not null default now(),
    embedded_at         timestamptz,
    finished_at         timestamptz,
    failures            int         not null default 0,
    lease_id            text,
    lease_expires_at    timestamptz,
    due_at              timestamptz not null default now(),
    unique (model, version)
);

create index training_run_by_age on training_run (created_at);
create index training_run_unfinished on training_run (created_at)
    where state not in ('SUCCEEDED', 'FAILED', 'CANCELLED');

-- A model version that is complete in object storage.
create table model_version (
    model         text             not null,
    version       int              not null,
    run_id        text             not null unique,
    digest        text             not null,
    test_accuracy double precision not null,
    card          text             not null,
    created_at    timestamptz      not null default now(),
    primary key (model, version)
);

-- Which version of a model is in production.
create table production (
    model       text        primary key,
    version     int         not null,
    promoted_at timestamptz not null default now(),
    foreign key (model, version) references model_version (model, version)
);
