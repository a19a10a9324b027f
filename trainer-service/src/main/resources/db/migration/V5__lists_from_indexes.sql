-- Runs are listed by their age, and those of one moment by their ids.
create index training_run_newest on training_run (created_at desc, id);
drop index training_run_by_age;

-- What a list of models says of each, so that no request counts versions. A version is never removed.
create table model (
    name     text   primary key,
    versions bigint not null,
    newest   int    not null
);
insert into model (name, versions, newest)
select model, count(*), max(version) from model_version group by model;

create function model_version_registered() returns trigger language plpgsql set search_path from current as $$
begin
    insert into model (name, versions, newest) values (new.model, 1, new.version)
    on conflict (name) do update
        set versions = model.versions + 1, newest = greatest(model.newest, excluded.newest);
    return null;
end $$;
create trigger model_version_registered after insert on model_version
    for each row execute function model_version_registered();
