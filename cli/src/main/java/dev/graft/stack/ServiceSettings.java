package dev.graft.stack;

import dev.graft.embedded.EmbeddedDatabase;
import java.util.HashMap;
import java.util.Map;

/// Writes the configuration of services as environment variables, which other users of the machine cannot read.
final class ServiceSettings {
    private static final String HOST = "127.0.0.1";

    private ServiceSettings() {}

    static Map<String, String> of(
            Service service, DataDirectory data, StackPorts ports, Backends backends, Credentials credentials) {
        Map<String, String> settings = new HashMap<>();
        settings.put("QUARKUS_HTTP_HOST", HOST);
        settings.put("QUARKUS_HTTP_PORT", Integer.toString(ports.of(service)));
        settings.put("KAFKA_BOOTSTRAP_SERVERS", backends.broker().bootstrapServers());
        settings.put(
                "GRAFT_OBJECT_STORE_ENDPOINT", backends.objects().endpoint().toString());
        settings.put("GRAFT_OBJECT_STORE_ACCESS_KEY", credentials.accessKey());
        settings.put("GRAFT_OBJECT_STORE_SECRET_KEY", credentials.secretKey());
        settings.put("GRAFT_OBJECT_STORE_BUCKET", Backends.BUCKET);
        settings.put("GRAFT_OBJECT_STORE_REGION", Backends.REGION);
        // After a crash the broker gives a dead service's partitions to the next one only when this time has passed.
        settings.put("KAFKA_SESSION_TIMEOUT_MS", "10000");
        settings.putAll(NativeSettings.of(service));
        logTo(settings, data, service);
        switch (service) {
            case INGEST -> useDatabase(settings, backends, credentials);
            case FEATURE -> {
                useDatabase(settings, backends, credentials);
                keepWeights(settings, data);
            }
            case TRAINER -> {
                useDatabase(settings, backends, credentials);
                keepWeights(settings, data);
                settings.put("QUARKUS_REST_CLIENT_INGEST_URL", "http://" + HOST + ":" + ports.of(Service.INGEST));
            }
            case PREDICT -> keepWeights(settings, data);
        }
        return settings;
    }

    private static void keepWeights(Map<String, String> settings, DataDirectory data) {
        settings.put("GRAFT_WEIGHTS_CACHE_DIRECTORY", data.weights().toString());
    }

    private static void useDatabase(Map<String, String> settings, Backends backends, Credentials credentials) {
        settings.put("QUARKUS_DATASOURCE_USERNAME", EmbeddedDatabase.USER);
        settings.put("QUARKUS_DATASOURCE_PASSWORD", credentials.databasePassword());
        settings.put("QUARKUS_DATASOURCE_JDBC_URL", backends.database().jdbcUrl());
        settings.put("QUARKUS_DATASOURCE_REACTIVE_URL", backends.database().reactiveUrl());
    }

    /// A log file of its own that turns over, so that logs stay bounded.
    private static void logTo(Map<String, String> settings, DataDirectory data, Service service) {
        settings.put("QUARKUS_LOG_CONSOLE_ENABLE", "false");
        settings.put("QUARKUS_LOG_FILE_ENABLE", "true");
        settings.put(
                "QUARKUS_LOG_FILE_PATH",
                data.logs().resolve(service.label() + ".log").toString());
        settings.put("QUARKUS_LOG_FILE_ROTATION_MAX_FILE_SIZE", "10M");
        settings.put("QUARKUS_LOG_FILE_ROTATION_MAX_BACKUP_INDEX", "3");
    }
}
