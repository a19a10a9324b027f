package dev.graft.weightstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.graft.contracts.ObjectKeys;
import dev.graft.contracts.Sha256;
import dev.graft.networks.Backbone;
import dev.graft.networks.Catalogue;
import dev.graft.networks.network.Shape;
import dev.graft.networks.weights.BundledWeights;
import dev.graft.networks.weights.FloatTensor;
import dev.graft.networks.weights.Malformation;
import dev.graft.networks.weights.MalformedWeightsException;
import dev.graft.networks.weights.Safetensors;
import dev.graft.networks.weights.SafetensorsWriter;
import dev.graft.objectstore.InMemoryObjectStore;
import dev.graft.objectstore.ObjectContent;
import dev.graft.objectstore.ObjectStore;
import dev.graft.objectstore.ObjectStoreUnavailableException;
import dev.graft.weightstore.RefusedWeightsException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Backbone BUNDLED = Catalogue.standard().defaultBackbone();
    private static final long MAX_BYTES = 20 << 20;

    /// A file of weights of lite0, which has the tensors of both flavours.
    private static byte[] file;

    private final ObjectStore objects = new InMemoryObjectStore();

    @TempDir
    private Path directory;

    private WeightStore store;

    @BeforeAll
    static void readAFile(@TempDir Path directory) throws IOException {
        file = Files.readAllBytes(new BundledWeights(directory)
                .file(BUNDLED.name(), BUNDLED.sha256().orElseThrow()));
    }

    @BeforeEach
    void open() {
        store = new WeightStore(objects, directory.resolve("cache"));
    }

    private WeightStore another() {
        return new WeightStore(objects, directory.resolve("another"));
    }

    private Backbone register(String name, String like, byte[] bytes) throws IOException {
        return store.register(name, like, new ByteArrayInputStream(bytes), MAX_BYTES);
    }

    /// Where object storage does not answer, the second caller would wait twice as long, and the tenth ten times.
    @Test
    void whoWaitsForAnotherThatFailsFailsWithIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch givenUp = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        ObjectStore hung = (ObjectStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ObjectStore.class}, (_, method, _) -> {
                    calls.incrementAndGet();
                    asked.countDown();
                    givenUp.await();
                    throw new ObjectStoreUnavailableException(method.getName(), null);
                });
        WeightStore waiting = new WeightStore(hung, directory.resolve("waiting"));
        AtomicReference<Throwable> second = new AtomicReference<>();
        Thread follower = Thread.ofPlatform().unstarted(() -> second.set(catchThrowable(waiting::catalogue)));
        try (ExecutorService first = Executors.newSingleThreadExecutor()) {
            Future<?> leader = first.submit(waiting::catalogue);
            asked.await();
            follower.start();
            await().atMost(PATIENCE).until(() -> follower.getState() == Thread.State.BLOCKED);
            givenUp.countDown();
            assertThatThrownBy(leader::get).hasCauseInstanceOf(ObjectStoreUnavailableException.class);
        }
        follower.join();
        assertThat(second.get()).isInstanceOf(ObjectStoreUnavailableException.class);
        assertThat(calls).hasValue(1);
    }

    @Test
    void givesTheBundledWeightsWithoutObjectStorage() throws IOException {
        objects.close();
        Backbone found = store.find("tf_efficientnet_lite0").orElseThrow();
        assertThat(found).isEqualTo(BUNDLED).isEqualTo(store.defaultBackbone());
        assertThat(store.availability(found)).isEqualTo(Availability.BUNDLED);
        try (Safetensors weights = store.open(found, store.sha256(found))) {
            assertThat(weights.names()).contains("conv_stem.weight");
        }
    }

    @Test
    void whatOneRegistersAnotherFindsAtOnce() throws IOException {
        WeightStore another = another();
        assertThat(another.find("efficientnet_lite0.mine")).isEmpty();

        Backbone mine = register("efficientnet_lite0.mine", null, file);

        assertThat(another.find("efficientnet_lite0.mine")).contains(mine);
        assertThat(another.catalogue().backbones()).endsWith(mine);
        assertThat(another.availability(mine)).isEqualTo(Availability.PRESENT);
        assertThat(mine.preprocessing())
                .isEqualTo(Catalogue.standard().get("efficientnet_lite0").preprocessing());
        try (Safetensors weights = another.open(mine, another.sha256(mine))) {
            weights.requireFor(mine.network());
        }
    }

    @Test
    void prefersAnArchitecturesWeightsThatAreHere() throws IOException {
        assertThat(store.find("efficientnet_lite0")).map(Backbone::name).contains("efficientnet_lite0.ra_in1k");
        assertThatThrownBy(() -> store.sha256(store.find("efficientnet_lite0").orElseThrow()))
                .isInstanceOf(AbsentWeightsException.class)
                .hasMessageContaining("efficientnet_lite0.ra_in1k");

        Backbone mine = register("efficientnet_lite0.mine", null, file);

        assertThat(store.find("efficientnet_lite0")).contains(mine);
    }

    @Test
    void keepsThePublishedRecordOfWeightsThatArePulled() throws IOException {
        Backbone published = Catalogue.standard().get("efficientnet_lite0.ra_in1k");
        assertThat(store.availability(published)).isEqualTo(Availability.DOWNLOADABLE);

        Backbone pulled = register(published.name(), null, file);

        assertThat(pulled).isEqualTo(published.withSha256(BUNDLED.sha256().orElseThrow()));
        assertThat(store.availability(pulled)).isEqualTo(Availability.PRESENT);
    }

    @Test
    void usesTheRecipeOfAnotherWeightSet() throws IOException {
        Backbone mine = register("efficientnet_lite0.mine", "tf_efficientnet_lite2.in1k", file);
        assertThat(mine.preprocessing())
                .isEqualTo(Catalogue.standard().get("tf_efficientnet_lite2").preprocessing());
        assertThat(register("efficientnet_lite0.like_an_architecture", "efficientnet_lite3", file)
                        .preprocessing()
                        .inputSizePixels())
                .isEqualTo(300);
    }

    @Test
    void registeringAgainChangesNothing() throws IOException {
        Backbone first = register("efficientnet_lite0.mine", null, file);
        assertThat(register("efficientnet_lite0.mine", null, file)).isEqualTo(first);
        assertThat(another().register("efficientnet_lite0.mine", null, new ByteArrayInputStream(file), MAX_BYTES))
                .isEqualTo(first);
        assertThat(objects.exists(ObjectKeys.weightSet(2))).isFalse();
    }

    @Test
    void writersAtTheSameTimeLoseNoEntry() throws Exception {
        List<String> names = IntStream.range(0, 6)
                .mapToObj(i -> "efficientnet_lite0.writer" + i)
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Backbone>> registered = names.stream()
                    .map(name -> threads.submit(
                            () -> another().register(name, null, new ByteArrayInputStream(file), MAX_BYTES)))
                    .toList();
            for (Future<Backbone> one : registered) {
                assertThat(one.get()).isNotNull();
            }
        }
        assertThat(store.catalogue().backbones()).extracting(Backbone::name).containsAll(names);
        assertThat(objects.exists(ObjectKeys.weightSet(names.size() + 1))).isFalse();
    }

    @Test
    void refusesOtherWeightsAndOtherRecipesUnderATakenName() throws IOException {
        Backbone first = register("efficientnet_lite0.mine", null, file);

        byte[] other = altered("conv_stem.weight", 1);
        requireRefused(Reason.NAME_TAKEN, "efficientnet_lite0.mine", null, other);
        assertThat(objects.exists(ObjectKeys.weights(Sha256.of(other)))).isFalse();
        requireRefused(Reason.NAME_TAKEN, "efficientnet_lite0.mine", "tf_efficientnet_lite0", file);
        requireRefused(Reason.NAME_TAKEN, BUNDLED.name(), null, altered("conv_stem.weight", 1));
        assertThat(another().find("efficientnet_lite0.mine")).contains(first);
    }

    @Test
    void anArchitectureMeansItsFirstWeightSetAsSoonAsItIsHere() throws IOException {
        WeightStore another = another();
        register("efficientnet_lite0.mine", null, file);
        assertThat(another.find("efficientnet_lite0").orElseThrow().name()).isEqualTo("efficientnet_lite0.mine");

        register("efficientnet_lite0.ra_in1k", null, file);
        assertThat(another.find("efficientnet_lite0").orElseThrow().name()).isEqualTo("efficientnet_lite0.ra_in1k");
    }

    @Test
    void refusesAnotherRecipeForAPublishedName() throws IOException {
        String published = "efficientnet_lite0.ra_in1k";
        requireRefused(Reason.NAME_TAKEN, published, "resnet50.a1_in1k", file);
        requireRefused(Reason.NAME_TAKEN, BUNDLED.name(), "resnet50.a1_in1k", file);
        assertThat(objects.exists(ObjectKeys.weightSet(1))).isFalse();

        assertThat(register(published, published, file)).isEqualTo(register(published, null, file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"efficientnet_lite0", ".mine", "efficientnet_lite0.", "efficientnet_lite0.a b", "a/b.c"})
    void refusesNamesThatAreNone(String name) {
        requireRefused(Reason.NAME_INVALID, name, null, file);
    }

    @Test
    void refusesWhatItCannotPlace() {
        requireRefused(Reason.ARCHITECTURE_UNKNOWN, "alexnet.mine", null, file);
        requireRefused(Reason.RECIPE_UNKNOWN, "efficientnet_lite0.mine", "alexnet.mine", file);
        assertThatThrownBy(() -> store.register(
                        "efficientnet_lite0.mine", null, new ByteArrayInputStream(file), file.length - 1))
                .isInstanceOfSatisfying(
                        RefusedWeightsException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
        assertThat(directory.resolve("cache")).isEmptyDirectory();
    }

    @Test
    void refusesFilesThatAreNotTheWeightsOfTheArchitecture() throws IOException {
        requireMalformed(Malformation.PICKLE, "PK\3\4 and so on".getBytes(StandardCharsets.ISO_8859_1));
        requireMalformed(Malformation.MISSING_TENSOR, changed(tensors -> tensors.remove("bn1.bias")));
        requireMalformed(
                Malformation.UNEXPECTED_TENSOR,
                changed(tensors -> tensors.put("extra", FloatTensor.of(Shape.of(1), 1))));
        requireMalformed(
                Malformation.WRONG_SHAPE,
                changed(tensors -> tensors.put("bn1.bias", FloatTensor.of(Shape.of(2), 1, 2))));
        requireMalformed(Malformation.WRONG_DTYPE, withIntegers("bn1.bias"));
        assertThat(store.find("efficientnet_lite0.mine")).isEmpty();
        assertThat(directory.resolve("cache")).isEmptyDirectory();
    }

    @Test
    void takesWeightsWithoutClassifier() throws IOException {
        byte[] headless = changed(tensors -> tensors.keySet().removeIf(name -> name.startsWith("classifier.")));
        assertThat(register("efficientnet_lite0.headless", null, headless).accuracy())
                .isEmpty();
    }

    @Test
    void fetchesDamagedFilesAgainAndRefusesDamagedObjects() throws IOException {
        Backbone mine = register("efficientnet_lite0.mine", null, file);
        String digest = store.sha256(mine);
        Files.writeString(directory.resolve("cache").resolve(digest + ".safetensors"), "damaged");

        store.open(mine, digest).close();

        objects.put(ObjectKeys.weights(digest), ObjectContent.of(new byte[] {1}, "application/octet-stream"));
        assertThatThrownBy(() -> another().open(mine, digest))
                .isInstanceOfSatisfying(
                        MalformedWeightsException.class,
                        e -> assertThat(e.malformation()).isEqualTo(Malformation.WRONG_DIGEST));
        objects.delete(ObjectKeys.weights(digest));
        assertThatThrownBy(() -> another().open(mine, digest)).isInstanceOf(AbsentWeightsException.class);
        register("efficientnet_lite0.mine", null, file);
        another().open(mine, digest).close();
    }

    /// A newer release may have written what this one cannot use, or cannot read.
    @ParameterizedTest
    @MethodSource
    void passesOverOddEntries(String entry) throws IOException {
        objects.put(
                ObjectKeys.weightSet(1), ObjectContent.of(entry.getBytes(StandardCharsets.UTF_8), "application/json"));

        assertThat(store.catalogue()).isEqualTo(Catalogue.standard());
        Backbone mine = register("efficientnet_lite0.mine", null, file);
        assertThat(objects.exists(ObjectKeys.weightSet(2))).isTrue();
        assertThat(another().find(mine.name())).contains(mine);
        assertThat(another().find("resnet18.tv_in1k").map(another()::availability))
                .contains(Availability.DOWNLOADABLE);
    }

    static List<String> passesOverOddEntries() {
        return List.of(
                entry("tomorrow.net", 224, "bicubic", "0, 0, 0"),
                entry("resnet18.tv_in1k", 224, "lanczos", "0, 0, 0"),
                entry("resnet18.tv_in1k", 0, "bicubic", "0, 0, 0"),
                entry("resnet18.tv_in1k", 224, "bicubic", "0, 0"),
                entry("resnet18.tv_in1k", 224, "bicubic", "0, 0, null"),
                entry("vit_small_patch14_dinov2.mine", 225, "bicubic", "0, 0, 0"),
                "{\"name\": \"resnet18.tv_in1k\"}",
                "{\"name\": ",
                "[]",
                "null",
                " ".repeat(1 << 17));
    }

    private static String entry(String name, int inputSizePixels, String interpolation, String mean) {
        return """
                {"name": "%s", "sha256": "%s", "sizeBytes": 1, "inputSizePixels": %d, "cropFraction": 0.9,
                 "interpolation": "%s", "mean": [%s], "std": [1, 1, 1]}
                """.formatted(name, "0".repeat(64), inputSizePixels, interpolation, mean);
    }

    private void requireRefused(Reason reason, String name, String like, byte[] bytes) {
        assertThatThrownBy(() -> register(name, like, bytes))
                .isInstanceOfSatisfying(
                        RefusedWeightsException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private void requireMalformed(Malformation malformation, byte[] bytes) {
        assertThatThrownBy(() -> register("efficientnet_lite0.mine", null, bytes))
                .isInstanceOfSatisfying(
                        MalformedWeightsException.class,
                        e -> assertThat(e.malformation()).isEqualTo(malformation));
    }

    /// Gives a file whose header calls the numbers of one tensor integers.
    private static byte[] withIntegers(String tensor) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("F32", text.indexOf('"' + tensor + '"'));
        return (text.substring(0, at) + "I32" + text.substring(at + 3)).getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Gives a file of which one tensor begins with another number.
    private static byte[] altered(String tensor, float number) {
        return changed(tensors -> {
            float[] values = tensors.get(tensor).toArray();
            values[0] = number;
            tensors.put(tensor, FloatTensor.of(tensors.get(tensor).shape(), values));
        });
    }

    private static byte[] changed(Consumer<Map<String, FloatTensor>> change) {
        Map<String, FloatTensor> tensors = new TreeMap<>();
        Safetensors weights = Safetensors.of(file);
        weights.names().stream()
                .filter(name -> !name.endsWith(".num_batches_tracked"))
                .forEach(name -> tensors.put(name, weights.tensor(name)));
        change.accept(tensors);
        return SafetensorsWriter.toBytes(Map.of(), tensors);
    }
}
