-- What has an embedding is called an image everywhere.
alter table picture_turn rename to image_turn;
alter table segment rename column pictures to images;

-- The names of constraints follow; from PostgreSQL 18 on, "not null" has one, too.
do $$
declare
    named record;
begin
    for named in
        select conrelid::regclass as of_table, conname from pg_constraint
        where conrelid in ('image_turn'::regclass, 'segment'::regclass) and conname like '%picture%'
    loop
        execute format('alter table %s rename constraint %I to %I',
            named.of_table, named.conname, replace(named.conname, 'picture', 'image'));
    end loop;
end $$;

-- In a rollout, replicas of the release before work on until they are replaced: they take turns by the view, and
-- count the images of a segment in the column that they know. A later release may drop both.
create view picture_turn as select source, taken from image_turn;

alter table segment add column pictures integer;

create function segment_counted() returns trigger language plpgsql set search_path from current as $$
begin
    new.images := new.pictures;
    new.pictures := null;
    return new;
end $$;

create trigger segment_counted before insert on segment
    for each row when (new.images is null) execute function segment_counted();
