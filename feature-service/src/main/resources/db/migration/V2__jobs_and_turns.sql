-- Who works on a job is kept by the kit for durable work. What was open goes on there: a running job is looked at once,
-- and waits again for its pictures.
insert into durable_job (id, kind, owner, queued_at)
select id, 'embedding', id, requested_at from job where state in ('QUEUED', 'RUNNING') order by requested_at;

-- The pictures that a request listed, each a row; the digest tells whether two requests listed the same.
create table job_image (
    job_id   text collate "C" not null references job,
    position bigint  not null,
    image_id text collate "C" not null,
    primary key (job_id, position)
);
insert into job_image (job_id, position, image_id)
select j.id, line.number, line.image_id
from job j, unnest(string_to_array(j.image_ids, ',')) with ordinality as line (image_id, number)
where j.image_ids is not null;

alter table job add column images_digest text;
update job set images_digest = encode(sha256(convert_to(image_ids, 'UTF8')), 'hex') where image_ids is not null;

-- planned: how many of a job's pictures, in its order, were looked at, so that planning goes on after a crash.
alter table job add column planned bigint not null default 0;
update job set planned = total where state <> 'QUEUED';

alter table job drop constraint job_check;
alter table job drop constraint job_state_check;
alter table job drop column image_ids, drop column lease_id, drop column lease_expires_at;
alter table job add constraint job_names_its_images check ((manifest_key is null) <> (images_digest is null));
alter table job add constraint job_state_check
    check (state in ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'));

-- A job's pictures in its order: the next ones are found without looking at all of them.
alter table job_missing add column position bigint generated always as identity;
create index job_missing_in_order on job_missing (job_id, position);

-- in_advance: it was announced, and is computed although no job may want it. urgent: it came alone.
-- attempts: how often it was claimed and not committed. A picture whose worker's process ended is taken again with few
-- others, then alone, and is given up when that process ended, too.
alter table pending add column in_advance boolean not null default false;
alter table pending add column urgent boolean not null default false;
alter table pending add column attempts smallint not null default 0;
update pending set in_advance = true where priority = 0;
drop index pending_free;
drop index pending_free_by_extractor;
alter table pending drop column priority;
create index pending_in_advance on pending (position) where claim_id is null and attempts = 0 and in_advance;
create index pending_urgent on pending (position) where claim_id is null and attempts = 0 and urgent;
create index pending_suspect on pending (attempts desc, position) where claim_id is null and attempts > 0;

-- Whose pictures are claimed next: the source that waits longest. A source is a running job, or '*' for the pictures
-- that were announced.
create table picture_turn (
    source text collate "C" not null primary key,
    taken  timestamptz not null default '-infinity'
);
insert into picture_turn (source) values ('*');
insert into picture_turn (source) select id from job where state = 'RUNNING';
