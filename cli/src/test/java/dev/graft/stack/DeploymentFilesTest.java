package dev.graft.stack;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The files that deploy agree with the services: nothing here needs Docker or Kubernetes, and nothing here proves that
/// they take the files.
class DeploymentFilesTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern HEAP = Pattern.compile("-Xmx(\\d+)m -Xmn96m -XX:MaxDirectMemorySize=(\\d+)m");

    /// What a JVM needs besides heap and direct memory: classes, compiled code, threads.
    private static final long JVM_MEBIBYTES = 384;

    /// Networks and what they compute, outside of both.
    private static final long INFERENCE_MEBIBYTES = 1_024;

    /// What a service needs to find its backends; the environment of the embedded stack has the same names.
    private static final Set<String> BACKENDS = Set.of(
            "KAFKA_BOOTSTRAP_SERVERS",
            "GRAFT_OBJECT_STORE_ENDPOINT",
            "GRAFT_OBJECT_STORE_BUCKET",
            "GRAFT_OBJECT_STORE_REGION");

    private static final Set<String> KEYS = Set.of("GRAFT_OBJECT_STORE_ACCESS_KEY", "GRAFT_OBJECT_STORE_SECRET_KEY");
    private static final Set<String> DATABASE = Set.of(
            "QUARKUS_DATASOURCE_JDBC_URL",
            "QUARKUS_DATASOURCE_REACTIVE_URL",
            "QUARKUS_DATASOURCE_USERNAME",
            "QUARKUS_DATASOURCE_PASSWORD");

    private static JsonNode compose() {
        return YamlFile.documents(ROOT.resolve("docker-compose.yml")).getFirst();
    }

    private static List<JsonNode> manifests(String name) {
        return YamlFile.documents(ROOT.resolve("deploy/kubernetes").resolve(name + ".yaml"));
    }

    private static JsonNode manifest(String name, String kind) {
        return manifests(name).stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode deployment(Service service) {
        return manifest(service.module(), "Deployment");
    }

    private static JsonNode container(Service service) {
        return deployment(service).at("/spec/template/spec/containers/0");
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void memoryOfAContainerHoldsItsHeap(Service service) {
        JsonNode composed = compose().path("services").path(service.module());
        long composedMebibytes =
                Long.parseLong(composed.path("mem_limit").asText().replace("g", "")) * 1_024;
        assertFits(service, composed.at("/environment/JAVA_TOOL_OPTIONS").asText(), composedMebibytes);

        long limitMebibytes = Long.parseLong(container(service)
                        .at("/resources/limits/memory")
                        .asText()
                        .replace("Gi", ""))
                * 1_024;
        assertFits(service, environment(service, "JAVA_TOOL_OPTIONS"), limitMebibytes);
    }

    private static void assertFits(Service service, String options, long limitMebibytes) {
        Matcher heap = HEAP.matcher(options);
        assertThat(heap.matches()).as(options).isTrue();
        assertThat(Integer.parseInt(heap.group(1))).isEqualTo(service.heapMebibytes());
        assertThat(Integer.parseInt(heap.group(2))).isEqualTo(service.directMebibytes());
        long outsideMebibytes = service == Service.INGEST ? JVM_MEBIBYTES : JVM_MEBIBYTES + INFERENCE_MEBIBYTES;
        assertThat(limitMebibytes)
                .isGreaterThanOrEqualTo(service.heapMebibytes() + service.directMebibytes() + outsideMebibytes);
    }

    private static String environment(Service service, String name) {
        for (JsonNode variable : container(service).path("env")) {
            if (variable.path("name").asText().equals(name)) {
                return variable.path("value").asText();
            }
        }
        return "";
    }

    /// The heaps are proved for this collector (`LargestImagesTest`). A virtual machine that is told none takes
    /// one by the processors and the memory that it finds.
    @Test
    void imagesNameTheCollectorForWhichTheHeapsAreProved() throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve("deploy/containers/Dockerfile"))
                        .getLast())
                .startsWith("ENTRYPOINT [\"java\", \"-XX:+UseSerialGC\", \"-XX:+ExitOnOutOfMemoryError\",");
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void everyServiceFindsItsBackends(Service service) {
        Set<String> needed = new HashSet<>(BACKENDS);
        needed.addAll(KEYS);
        if (service != Service.PREDICT) {
            needed.addAll(DATABASE);
        }
        assertThat(names(compose().path("services").path(service.module()).path("environment")))
                .containsAll(needed);

        Set<String> given = new HashSet<>(names(manifest("config", "ConfigMap").path("data")));
        Set<String> secrets = StreamSupport.stream(
                        container(service).path("envFrom").spliterator(), false)
                .map(source -> source.at("/secretRef/name").asText())
                .collect(toSet());
        assertThat(secrets).contains("graft-object-store");
        given.addAll(KEYS);
        if (secrets.contains("graft-database")) {
            given.addAll(Set.of("QUARKUS_DATASOURCE_USERNAME", "QUARKUS_DATASOURCE_PASSWORD"));
        }
        assertThat(given).containsAll(needed);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void trainerFindsIngestWhereItListens() {
        JsonNode ingest = manifest("ingest-service", "Service");
        String address = "http://" + ingest.at("/metadata/name").asText() + ":"
                + ingest.at("/spec/ports/0/port").asText();

        assertThat(environment(Service.TRAINER, "QUARKUS_REST_CLIENT_INGEST_URL"))
                .isEqualTo(address);
        assertThat(compose()
                        .at("/services/trainer-service/environment/QUARKUS_REST_CLIENT_INGEST_URL")
                        .asText())
                .isEqualTo(address);
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void theAddressOfAServiceLeadsToItsContainer(Service service) {
        JsonNode address = manifest(service.module(), "Service");
        JsonNode port = container(service).at("/ports/0");

        assertThat(address.at("/spec/ports/0/targetPort")).isEqualTo(port.path("name"));
        assertThat(port.path("containerPort").asInt()).isEqualTo(8080);
        assertThat(address.at("/spec/selector")).isEqualTo(deployment(service).at("/spec/selector/matchLabels"));
        assertThat(names(deployment(service).at("/spec/template/metadata/labels")))
                .containsAll(names(address.at("/spec/selector")));
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void imagesAreOfOneVersionAndNeverTheLatest(Service service) throws IOException {
        String version = Files.readString(ROOT.resolve("pom.xml")).replaceAll("(?s).*?<version>([^<-]+).*", "$1");

        for (JsonNode image : List.of(
                container(service).path("image"),
                compose().path("services").path(service.module()).path("image"))) {
            assertThat(image.asText()).isEqualTo("graft/" + service.module() + ":" + version);
        }
        assertThat(container(service).path("imagePullPolicy").asText()).isEqualTo("IfNotPresent");
        assertThat(manifest("topics", "Job").at("/metadata/name").asText())
                .isEqualTo("graft-topics-" + version.replace('.', '-'));
    }

    @Test
    void noImageIsTheLatest() {
        List<String> images = new ArrayList<>();
        compose()
                .path("services")
                .forEach(service -> images.add(service.path("image").asText()));
        images.add(manifest("topics", "Job")
                .at("/spec/template/spec/containers/0/image")
                .asText());

        assertThat(images)
                .isNotEmpty()
                .allSatisfy(
                        image -> assertThat(image).matches("[a-z0-9/.-]+:.+").doesNotEndWith(":latest"));
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void aRolloutDropsNoRequest(Service service) throws IOException {
        JsonNode spec = deployment(service).path("spec");
        JsonNode pod = spec.at("/template/spec");
        int leavingSeconds =
                container(service).at("/lifecycle/preStop/exec/command/1").asInt();
        long delaySeconds = Duration.parse("PT"
                        + manifest("config", "ConfigMap")
                                .at("/data/QUARKUS_SHUTDOWN_DELAY")
                                .asText())
                .toSeconds();
        String settings =
                Files.readString(ROOT.resolve(service.module()).resolve("src/main/resources/application.properties"));
        Matcher shutdown =
                Pattern.compile("quarkus\\.shutdown\\.timeout=(\\d+)s").matcher(settings);

        assertThat(spec.at("/strategy/rollingUpdate/maxUnavailable").asInt(-1)).isZero();
        assertThat(container(service).at("/readinessProbe/httpGet/path").asText())
                .isEqualTo("/q/health/ready");
        assertThat(leavingSeconds).isGreaterThanOrEqualTo(5);
        assertThat(shutdown.find()).isTrue();
        assertThat(pod.path("terminationGracePeriodSeconds").asLong())
                .isGreaterThanOrEqualTo(leavingSeconds + delaySeconds + 2 * Integer.parseInt(shutdown.group(1)));
        assertThat(delaySeconds).as("while open connections are closed").isPositive();
        assertThat(settings).contains("quarkus.shutdown.delay-enabled=true");
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void temporaryFoldersAreBounded(Service service) {
        assertThat(deployment(service).at("/spec/template/spec/volumes"))
                .isNotEmpty()
                .allSatisfy(volume ->
                        assertThat(volume.at("/emptyDir/sizeLimit").asText()).matches("\\d+Gi"));
    }

    @Test
    void everyFileThatIsAppliedIsThere() {
        JsonNode kustomization =
                YamlFile.documents(ROOT.resolve("deploy/kustomization.yaml")).getFirst();
        List<String> files = new ArrayList<>();
        kustomization.path("resources").forEach(file -> files.add(file.asText()));
        kustomization.at("/configMapGenerator/0/files").forEach(file -> files.add(file.asText()));

        assertThat(files)
                .hasSizeGreaterThan(Service.values().length)
                .allSatisfy(
                        file -> assertThat(ROOT.resolve("deploy").resolve(file)).exists());
        assertThat(manifest("topics", "Job").at("/spec/template/spec/volumes/0/configMap/name"))
                .isEqualTo(kustomization.at("/configMapGenerator/0/name"));
    }

    @Test
    void imagesAreBuiltOnceForAllServices() throws IOException {
        String build =
                Files.readString(ROOT.resolve("deploy/containers/Dockerfile")).split("\nFROM eclipse")[0];

        assertThat(build).doesNotContain("ARG SERVICE").contains("FROM maven");
        for (Service service : Service.values()) {
            assertThat(build).contains(service.module());
        }
    }
}
