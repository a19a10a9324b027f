package dev.graft.cli.rest;

import static java.util.stream.Collectors.toMap;

import dev.graft.stack.Service;
import dev.graft.stack.StackPorts;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The services of a running stack.
public record Services(
        IngestClient ingest,
        FeatureClient feature,
        TrainerClient trainer,
        PredictClient predict,
        DeadLetterClient deadLetters) {
    /// Finds them by their ports.
    ///
    /// @param notices receives what is waited for, in sentences
    public static Services at(StackPorts ports, Consumer<String> notices) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        return new Services(
                new IngestClient(client(http, Service.INGEST, ports, notices)),
                new FeatureClient(client(http, Service.FEATURE, ports, notices)),
                new TrainerClient(client(http, Service.TRAINER, ports, notices)),
                new PredictClient(client(http, Service.PREDICT, ports, notices)),
                new DeadLetterClient(Stream.of(Service.values())
                        .collect(toMap(Service::label, service -> client(http, service, ports, notices)))));
    }

    private static RestClient client(HttpClient http, Service service, StackPorts ports, Consumer<String> notices) {
        return new RestClient(http, service.label(), "http://127.0.0.1:" + ports.of(service), notices);
    }
}
