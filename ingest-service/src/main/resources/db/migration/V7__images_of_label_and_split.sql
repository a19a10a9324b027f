-- Lists by label and split: from the index of the labels alone, a page of a split would read the label's images of all
-- splits up to it.
create index dataset_image_of_label_and_split on dataset_image (dataset_id, label, split, image_id)
    where split is not null;
