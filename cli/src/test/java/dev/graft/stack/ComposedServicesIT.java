package dev.graft.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.contracts.Topics;
import dev.graft.embedded.Durability;
import dev.graft.embedded.EmbeddedBroker;
import dev.graft.embedded.EmbeddedDatabase;
import dev.graft.embedded.EmbeddedObjectStore;
import dev.graft.embedded.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Starts the services as their containers do, with exactly the environment of `docker-compose.yml`, on an object store
/// without a bucket. Only host names and ports are those of this machine.
class ComposedServicesIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z0-9_]+:-([^}]*)}");
    private static final Duration START = Duration.ofSeconds(180);

    private final Map<Service, Integer> ports = new EnumMap<>(Service.class);
    private final List<Process> processes = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void end() throws InterruptedException {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            process.waitFor();
        }
    }

    @Test
    void becomeReadyOnAnObjectStoreWithoutABucket() throws Exception {
        JsonNode services = YamlFile.documents(ROOT.resolve("docker-compose.yml"))
                .getFirst()
                .path("services");
        for (Service service : Service.values()) {
            ports.put(service, FreePort.any());
        }
        String accessKey = plain(services.at("/object-store/environment/S3PROXY_IDENTITY"));
        String secretKey = plain(services.at("/object-store/environment/S3PROXY_CREDENTIAL"));
        String password = plain(services.at("/postgres/environment/POSTGRES_PASSWORD"));
        assertThat(plain(services.at("/postgres/environment/POSTGRES_USER"))).isEqualTo(EmbeddedDatabase.USER);
        try (EmbeddedDatabase database =
                        EmbeddedDatabase.start(directory.resolve("postgresql"), 0, password, null, Durability.PROCESS);
                EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), 0, Durability.PROCESS);
                EmbeddedObjectStore objects = EmbeddedObjectStore.start(
                        directory.resolve("objects"), 0, accessKey, secretKey, "another", Durability.PROCESS)) {
            broker.createTopics(topics());
            Map<String, String> addresses = Map.of(
                    "kafka:9092",
                    broker.bootstrapServers(),
                    "postgres:5432",
                    "127.0.0.1:" + database.port(),
                    "object-store:9000",
                    objects.endpoint().getAuthority(),
                    "ingest-service:8080",
                    "127.0.0.1:" + ports.get(Service.INGEST));
            for (Service service : Service.values()) {
                start(service, services.path(service.module()), addresses);
            }

            for (Service service : Service.values()) {
                await().atMost(START).until(() -> isReady(service));
            }
            assertThat(directory.resolve("objects/graft")).isDirectory();
            assertThat(post("/v1/datasets", "application/json", BodyPublishers.ofString("{\"name\":\"d\"}")))
                    .isEqualTo(201);
            Path image;
            try (var sample = Files.walk(ROOT.resolve("sample"))) {
                image = sample.filter(file -> file.toString().endsWith(".png"))
                        .findFirst()
                        .orElseThrow();
            }
            assertThat(post("/v1/datasets/d/images?label=a", "image/png", BodyPublishers.ofFile(image)))
                    .isEqualTo(201);
            end();
        }
    }

    private static List<NewTopic> topics() {
        return Topics.ALL.stream()
                .flatMap(topic -> Stream.of(topic, Topics.deadLetterOf(topic)))
                .map(topic -> new NewTopic(topic, Optional.of(2), Optional.empty()))
                .toList();
    }

    private void start(Service service, JsonNode composed, Map<String, String> addresses) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-jar",
                        ROOT.resolve(service.module())
                                .resolve("target/quarkus-app/quarkus-run.jar")
                                .toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(service.label() + ".log").toFile());
        // What the image itself sets.
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_HTTP_PORT", ports.get(service).toString());
        builder.environment()
                .put("GRAFT_WEIGHTS_CACHE_DIRECTORY", directory.resolve("cache").toString());
        put(builder.environment(), composed.path("environment"), addresses);
        processes.add(builder.start());
    }

    private static void put(Map<String, String> environment, JsonNode composed, Map<String, String> addresses) {
        composed.properties().forEach(variable -> {
            String value = plain(variable.getValue());
            for (Map.Entry<String, String> address : addresses.entrySet()) {
                value = value.replace(address.getKey(), address.getValue());
            }
            environment.put(variable.getKey(), value);
        });
    }

    /// Replaces variables by their defaults, as there is no `.env`.
    private static String plain(JsonNode value) {
        return VARIABLE.matcher(value.asText()).replaceAll(found -> Matcher.quoteReplacement(found.group(1)));
    }

    private boolean isReady(Service service) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                                    HttpRequest.newBuilder(address(service, "/q/health/ready"))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private int post(String path, String mediaType, HttpRequest.BodyPublisher body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(address(Service.INGEST, path))
                                    .header("Content-Type", mediaType)
                                    .POST(body)
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private URI address(Service service, String path) {
        return URI.create("http://127.0.0.1:" + ports.get(service) + path);
    }
}
