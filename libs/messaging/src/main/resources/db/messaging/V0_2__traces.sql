-- The trace to which events about a subject (an image, a job, a run) belong, from the request that first named it.
create table trace_link (
    subject      text        not null primary key,
    trace_parent text        not null,
    trace_state  text        not null,
    recorded_at  timestamptz not null default now()
);

create index trace_link_by_age on trace_link (recorded_at);

-- What an event is about, one subject a line, when no request gave it a trace.
alter table outbox add column trace_subjects text;
