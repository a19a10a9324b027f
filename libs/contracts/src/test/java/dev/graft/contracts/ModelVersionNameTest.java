package dev.graft.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelVersionNameTest {
    @Test
    void isModelAndVersion() {
        ModelVersionName name = ModelVersionName.parse("my.flowers-2_b@17");

        assertThat(name).isEqualTo(new ModelVersionName("my.flowers-2_b", 17)).hasToString("my.flowers-2_b@17");
        assertThat(name.bundlePrefix()).isEqualTo("models/my.flowers-2_b/17/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flowers@",
                "@3",
                "flowers@0",
                "flowers@03",
                "flowers@-1",
                "flowers@3.1",
                "flowers@latest",
                "flowers@3@4",
                "Flowers@3",
                "../flowers@3",
                "a/b@3",
                " flowers@3",
                "flowers@9999999999"
            })
    void hasNoOtherForm(String text) {
        assertThat(ModelVersionName.isMeantBy(text)).isTrue();
        assertThatThrownBy(() -> ModelVersionName.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NAME@VERSION");
    }

    @ParameterizedTest
    @ValueSource(strings = {"flowers", "tf_efficientnet_lite0", "tf_efficientnet_lite0.in1k"})
    void isNotMeantByOtherNames(String text) {
        assertThat(ModelVersionName.isMeantBy(text)).isFalse();
    }
}
