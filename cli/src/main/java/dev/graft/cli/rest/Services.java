package dev.graft.cli.rest;

import dev.graft.stack.Service;
import dev.graft.stack.StackPorts;
import java.net.http.HttpClient;
import java.time.Duration;

/// The services of a running stack.
public record Services(IngestClient ingest, FeatureClient feature, TrainerClient trainer, PredictClient predict) {
    /// Finds them by their ports.
    public static Services at(StackPorts ports) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        return new Services(
                new IngestClient(client(http, Service.INGEST, ports)),
                new FeatureClient(client(http, Service.FEATURE, ports)),
                new TrainerClient(client(http, Service.TRAINER, ports)),
                new PredictClient(client(http, Service.PREDICT, ports)));
    }

    private static RestClient client(HttpClient http, Service service, StackPorts ports) {
        return new RestClient(http, service.label(), "http://127.0.0.1:" + ports.of(service));
    }
}
