-- What a list of runs says of a result: all but the confusion matrix, which has millions of numbers where there are
-- thousands of classes, and a page holds a hundred runs.
alter table training_run
    add column listed_result text generated always as ((result::jsonb - 'confusionMatrix')::text) stored;
