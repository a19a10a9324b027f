package dev.graft.ingest.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A page of a list.
///
/// @param items in the list's order
/// @param next  the value of `after` that gives the next page; absent at the list's end
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PageView<T>(List<T> items, @Nullable String next) {
    public PageView {
        items = List.copyOf(items);
    }

    /// Makes a page of what was asked for with one item more than the page takes.
    public static <T> PageView<T> of(List<T> found, PageRequest<?> page, Function<T, String> cursor) {
        if (found.size() <= page.limit()) {
            return new PageView<>(found, null);
        }
        List<T> items = found.subList(0, page.limit());
        return new PageView<>(items, cursor.apply(items.getLast()));
    }
}
