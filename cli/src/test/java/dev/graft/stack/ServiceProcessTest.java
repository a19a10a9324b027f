package dev.graft.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.graft.stack.StackState.Part;
import dev.graft.stack.StackState.PartPhase;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceProcessTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    Path temporary;

    private DataDirectory data;
    private StateBoard board;
    private int port;

    @BeforeEach
    void findPort() throws Exception {
        data = DataDirectory.at(temporary);
        board = new StateBoard(data, new StackPorts(8080), "test");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    @Test
    void startsAgainWhatEndsByItself() throws Exception {
        ServiceProcess service = service(Integer.toString(port));
        service.start().get(30, TimeUnit.SECONDS);
        long firstPid = part().pid();
        assertThat(part().phase()).isEqualTo(PartPhase.READY);

        ProcessHandle.of(firstPid).orElseThrow().destroyForcibly();

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(part().phase()).isEqualTo(PartPhase.READY);
            assertThat(part().restarts()).isEqualTo(1);
            assertThat(part().pid()).isNotEqualTo(firstPid);
        });
        service.stop();
    }

    @Test
    void endsForGoodWhenStopped() throws Exception {
        ServiceProcess service = service(Integer.toString(port));
        service.start().get(30, TimeUnit.SECONDS);
        ProcessHandle process = ProcessHandle.of(part().pid()).orElseThrow();

        service.stop();

        assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(5));
        assertThat(part().phase()).isEqualTo(PartPhase.STOPPED);
    }

    @Test
    void quotesTheLastWordsOfWhatDidNotStart() {
        ServiceProcess service = service("fail");

        assertThatThrownBy(() -> service.start().get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        ActionableException.class,
                        failed -> assertThat(failed.problem())
                                .startsWith("The ingest service did not start.")
                                .contains("the moon is in the wrong phase"));
    }

    private ServiceProcess service(String argument) {
        return new ServiceProcess(
                Service.INGEST,
                Program.of(
                        List.of(JAVA.toString(), "-XX:TieredStopAtLevel=1", FakeService.class.getName(), argument),
                        System.getProperty("java.class.path")),
                temporary.resolve("ingest.out"),
                URI.create("http://127.0.0.1:" + port + "/q/health/ready"),
                HttpClient.newHttpClient(),
                board);
    }

    private Part part() throws Exception {
        return StackState.read(data).orElseThrow().parts().stream()
                .filter(one -> one.name().equals("ingest"))
                .findFirst()
                .orElseThrow();
    }
}
