package dev.graft.stack;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.contracts.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Proves that the list from which containers and Kubernetes create topics is the list of the contracts.
class TopicsFileTest {
    @Test
    void listsEveryTopicWithItsCleanupPolicy() throws Exception {
        Map<String, String> listed = Files.readAllLines(Path.of("../deploy/kafka/topics.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" "))
                .collect(toMap(words -> words[0], words -> words[1]));

        assertThat(listed)
                .isEqualTo(Topics.ALL.stream()
                        .collect(
                                toMap(Function.identity(), topic -> Topics.isCompacted(topic) ? "compact" : "delete")));
    }
}
