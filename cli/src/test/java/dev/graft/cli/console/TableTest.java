package dev.graft.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void linesUpColumns() {
        Table table = new Table("NAME", "STATE").row("a-long-name", "ready").row("b", 7);

        assertThat(table.lines()).containsExactly("NAME         STATE", "a-long-name  ready", "b            7");
    }

    @Test
    void refusesRowOfAnotherWidth() {
        assertThatThrownBy(() -> new Table("ONE").row(1, 2)).isInstanceOf(IllegalArgumentException.class);
    }
}
