package dev.graft.feature.job;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds for each image of a list whether it came before. Of a sorted list, as the manifest of a frozen version is,
/// only the last image is kept, however long it is. Of another one all images are kept ([DistinctImages]), those before
/// the first that is out of order by reading the list once more.
final class EachOnce {
    private final Consumer<Consumer<String>> list;
    private @Nullable DistinctImages known;
    private String last = "";
    private long ascending;

    /// @param list gives the images from the first on, each time that it is asked
    EachOnce(Consumer<Consumer<String>> list) {
        this.list = list;
    }

    /// @param imageId the list's next one
    /// @return whether it is new
    boolean isNew(String imageId) {
        DistinctImages kept = known;
        if (kept == null) {
            int order = imageId.compareTo(last);
            if (order >= 0) {
                last = imageId;
                ascending++;
                return order > 0;
            }
            kept = first(ascending);
            known = kept;
        }
        return kept.add(imageId);
    }

    private DistinctImages first(long count) {
        DistinctImages images = new DistinctImages();
        list.accept(new Consumer<>() {
            private long left = count;

            @Override
            public void accept(String imageId) {
                if (left > 0) {
                    left--;
                    boolean unused = images.add(imageId);
                }
            }
        });
        return images;
    }
}
