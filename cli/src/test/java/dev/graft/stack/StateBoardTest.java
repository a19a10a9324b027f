package dev.graft.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateBoardTest {
    @TempDir
    Path temporary;

    private DataDirectory data;

    @BeforeEach
    void makeDirectory() {
        data = DataDirectory.at(temporary).create();
    }

    @Test
    void writesEveryChange() throws Exception {
        StateBoard board = new StateBoard(data, new StackPorts(9000), "build");
        board.starting(Service.INGEST, 42, 1);
        board.phase(StackState.Phase.READY);

        StackState state = StackState.read(data).orElseThrow();

        assertThat(state.phase()).isEqualTo(StackState.Phase.READY);
        assertThat(state.parts())
                .filteredOn(part -> part.name().equals("ingest"))
                .singleElement()
                .satisfies(part -> assertThat(part.pid()).isEqualTo(42));
    }

    @Test
    void goesOnWhileTheFileCannotBeWrittenAndWritesItAllAfterwards() throws Exception {
        StateBoard board = new StateBoard(data, new StackPorts(9000), "build");
        Path inTheWay = Files.createDirectory(temporary.resolve("stack.json.new"));

        board.starting(Service.INGEST, 42, 1);
        Files.delete(inTheWay);
        board.phase(StackState.Phase.READY);

        assertThat(StackState.read(data).orElseThrow().parts())
                .filteredOn(part -> part.name().equals("ingest"))
                .singleElement()
                .satisfies(part -> assertThat(part.pid()).isEqualTo(42));
    }

    @Test
    void takesADamagedFileForNone() throws Exception {
        Files.writeString(temporary.resolve("stack.json"), "");
        assertThat(StackState.read(data)).isEmpty();

        Files.writeString(temporary.resolve("stack.json"), "{\"pid\": 4");
        assertThat(StackState.read(data)).isEmpty();
    }
}
