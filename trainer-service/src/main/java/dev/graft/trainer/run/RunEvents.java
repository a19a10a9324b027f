package dev.graft.trainer.run;

import dev.graft.trainer.TrainerConfig;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import org.jboss.logging.Logger;

/// Streams of a run's changes. They are read from its row, so that it does not matter which process works on it.
@ApplicationScoped
class RunEvents {
    private static final Logger LOG = Logger.getLogger(RunEvents.class);
    private static final Duration LOOK = Duration.ofMillis(200);

    private final RunStore store;
    private final TrainerConfig config;

    RunEvents(RunStore store, TrainerConfig config) {
        this.store = store;
        this.config = config;
    }

    Multi<OutboundSseEvent> follow(String id, Sse sse) {
        return Multi.createFrom()
                .emitter(emitter -> Thread.ofVirtual().name("events-" + id).start(() -> follow(id, sse, emitter)));
    }

    private void follow(String id, Sse sse, MultiEmitter<? super OutboundSseEvent> emitter) {
        try {
            String told = "";
            long toldNanos = System.nanoTime();
            while (!emitter.isCancelled()) {
                TrainingRunView view = store.find(id).orElseThrow().view();
                String state = view.toString();
                if (!state.equals(told)) {
                    emitter.emit(sse.newEventBuilder()
                            .name("run")
                            .mediaType(MediaType.APPLICATION_JSON_TYPE)
                            .data(TrainingRunView.class, view)
                            .build());
                    told = state;
                    toldNanos = System.nanoTime();
                } else if (System.nanoTime() - toldNanos > config.heartbeat().toNanos()) {
                    emitter.emit(sse.newEventBuilder().comment("alive").build());
                    toldNanos = System.nanoTime();
                }
                if (view.state().isFinal()) {
                    break;
                }
                Thread.sleep(LOOK);
            }
            emitter.complete();
        } catch (InterruptedException e) {
            emitter.complete();
        } catch (RuntimeException e) {
            LOG.debugf(e, "Event stream broke off runId=%s", id);
            emitter.fail(e);
        }
    }
}
