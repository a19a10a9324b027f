-- How many images each label and split of a dataset has, as a sum of rows. Every statement that changes memberships adds
-- a row for each label and split that it touches, so that writers of one dataset never wait for each other; the rows are
-- folded into one again by the service.
create table dataset_tally (
    id         bigint generated always as identity primary key,
    dataset_id bigint not null,
    label      text   not null,
    split      text,
    images     bigint not null
);
create index dataset_tally_by_dataset on dataset_tally (dataset_id, label, split);

insert into dataset_tally (dataset_id, label, split, images)
select dataset_id, label, split, count(*) from dataset_image group by dataset_id, label, split;

create function tally_added() returns trigger language plpgsql set search_path from current as $$
begin
    insert into dataset_tally (dataset_id, label, split, images)
    select dataset_id, label, split, count(*) from added group by dataset_id, label, split;
    return null;
end $$;

create function tally_removed() returns trigger language plpgsql set search_path from current as $$
begin
    insert into dataset_tally (dataset_id, label, split, images)
    select dataset_id, label, split, -count(*) from removed group by dataset_id, label, split;
    return null;
end $$;

create function tally_changed() returns trigger language plpgsql set search_path from current as $$
begin
    insert into dataset_tally (dataset_id, label, split, images)
    select dataset_id, label, split, sum(images)
    from (
        select dataset_id, label, split, 1 as images from added
        union all
        select dataset_id, label, split, -1 from removed
    ) changes
    group by dataset_id, label, split having sum(images) <> 0;
    return null;
end $$;

create trigger dataset_image_added after insert on dataset_image
    referencing new table as added for each statement execute function tally_added();
create trigger dataset_image_removed after delete on dataset_image
    referencing old table as removed for each statement execute function tally_removed();
create trigger dataset_image_changed after update on dataset_image
    referencing old table as removed new table as added for each statement execute function tally_changed();

-- A deleted dataset leaves its name at once to a row that is empty; its own row is discarded, and what belongs to it is
-- removed little by little.
alter table dataset add column discarded boolean not null default false;
create index dataset_discarded on dataset (id) where discarded;
alter table import_job add column discarded_dataset_id bigint;
create index import_job_discarded on import_job (discarded_dataset_id) where discarded_dataset_id is not null;

-- Pages of datasets pass over no name that was deleted.
create index dataset_live on dataset (name) where deleted_at is null;

-- Pages of one label or of one split are read in the order of image ids.
create index dataset_image_of_label on dataset_image (dataset_id, label, image_id);
create index dataset_image_of_split on dataset_image (dataset_id, split, image_id) where split is not null;
drop index dataset_image_by_label;

create index reject_of_import on reject (import_id, seq) where import_id is not null;
