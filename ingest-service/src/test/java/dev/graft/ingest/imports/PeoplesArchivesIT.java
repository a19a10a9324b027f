package dev.graft.ingest.imports;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.ingest.Archives;
import dev.graft.ingest.Images;
import dev.graft.ingest.Service;
import dev.graft.problem.ProblemType;
import dev.graft.testkit.GraftBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

/// Archives as people have them, through the whole service: what they hold is in the dataset, or named.
@QuarkusTest
@QuarkusTestResource(GraftBackends.class)
class PeoplesArchivesIT {
    private static final String COMPOSED = "caf\u00e9";
    private static final String DECOMPOSED = "cafe\u0301";

    @Test
    void takesTheFoldersOfAnAnnotationToolForSplits() {
        String dataset = Service.dataset();

        JsonPath view = Service.importAll(dataset, Archives.stored("roboflow_folder_export.zip"));

        assertThat(view.getInt("accepted") + view.getInt("duplicates")).isEqualTo(24);
        assertThat(view.getList("rejected.file")).containsExactly("README.dataset.txt", "README.roboflow.txt");
        assertThat(view.getMap("classes")).isEqualTo(Map.of("circle", 9, "square", 9));
        assertThat(splits(dataset)).isEqualTo(Map.of("train", 6, "val", 6, "test", 6));
        assertThat(view.getInt("leaksTotal")).isEqualTo(6);
        assertThat(view.getString("leaks[0].file")).startsWith("train/circle/circle_0");
        assertThat(view.getString("leaks[0].keptFile")).startsWith("valid/circle/circle_0");
    }

    @Test
    void refusesClassesInALegacyEncodingByName() {
        JsonPath view = Service.importAll(Service.dataset(), Archives.stored("explorer_russian_cp866.zip"));

        assertThat(view.getString("state")).isEqualTo("FAILED");
        assertThat(view.getInt("rejectedTotal")).isEqualTo(12);
        assertThat(view.getString("reasons[0].type"))
                .isEqualTo(ProblemType.LABEL_UNREADABLE.uri().toString());
        assertThat(view.getMap("classes")).isEmpty();
    }

    @Test
    void findsTheClassesBelowTwoFolders() {
        JsonPath view = Service.importAll(Service.dataset(), Archives.stored("food101_like.zip"));

        assertThat(view.getMap("classes")).isEqualTo(Map.of("apple_pie", 6, "waffles", 6));
        assertThat(view.getList("rejected.file"))
                .containsExactly("food-101/README.txt", "food-101/meta/classes.txt", "food-101/meta/train.json");
    }

    @Test
    void outlivesAMethodOfZipThatItDoesNotRead() {
        String dataset = Service.dataset();
        for (int i = 0; i < 3; i++) {
            JsonPath refused = Service.importAll(dataset, Archives.stored("xz.zip"));
            assertThat(refused.getString("state")).isEqualTo("FAILED");
            assertThat(refused.getString("rejected[0].detail")).contains("XZ (95)");
        }

        JsonPath next = Service.importAll(dataset, Archives.zip(Map.of("a/1.png", Images.png())));

        assertThat(next.getString("state")).isEqualTo("SUCCEEDED");
    }

    @Test
    void readsConcatenatedArchivesToTheEnd() {
        JsonPath view = Service.importAll(Service.dataset(), Archives.stored("cat_of_two.tar.gz"));

        assertThat(view.getInt("accepted")).isEqualTo(12);
        assertThat(view.getMap("classes")).hasSize(2);
    }

    @Test
    void makesOneClassOfBothFormsOfAnAccent() {
        String dataset = Service.dataset();
        Service.importAll(dataset, Archives.stored("nfd_by_macos.zip"));
        byte[] extra = Archives.stored("extra.jpg");

        Service.upload(dataset, COMPOSED, extra).statusCode(201);
        assertThat(classes(dataset)).isEqualTo(Map.of(COMPOSED, 7, "th\u00e9", 6));

        label(dataset, Images.id(extra), "other");
        label(dataset, Images.id(extra), DECOMPOSED);
        Service.upload(dataset, DECOMPOSED, Images.png()).statusCode(201);
        given().multiPart("file", "1.png", Images.png(), "image/png")
                .queryParam("label", DECOMPOSED)
                .post("/v1/datasets/{n}/images", dataset)
                .then()
                .statusCode(200);
        given().contentType("image/png")
                .queryParam("label", DECOMPOSED)
                .queryParam("file", DECOMPOSED + ".png")
                .body(Images.png())
                .post("/v1/datasets/{n}/images", dataset)
                .then()
                .statusCode(201);
        assertThat(classes(dataset)).isEqualTo(Map.of(COMPOSED, 10, "th\u00e9", 6));
        JsonPath listed = given().queryParam("label", DECOMPOSED)
                .get("/v1/datasets/{n}/images", dataset)
                .jsonPath();
        assertThat(listed.getList("items.label")).hasSize(10).containsOnly(COMPOSED);
        assertThat(listed.getList("items.file", String.class)).contains(COMPOSED + ".png");
    }

    @Test
    void settlesCopiesTheSameWayInEveryOrder() {
        List<Map<?, ?>> results = new ArrayList<>();
        for (String order : List.of("leak_test_first.tar", "leak_train_first.tar")) {
            String dataset = Service.dataset();
            JsonPath view = Service.importAll(dataset, Archives.stored(order));
            assertThat(view.getList("leaks"))
                    .containsExactly(Map.of(
                            "file", "train/a/same.png",
                            "label", "a",
                            "split", "train",
                            "keptFile", "test/a/leak.png",
                            "keptSplit", "test"));
            results.add(result(dataset, view));
        }

        assertThat(results.getFirst()).isEqualTo(results.getLast());
    }

    @Test
    void settlesConflictsTheSameWayInEveryOrder() {
        byte[] twice = Images.png();
        byte[] leaked = Images.png();
        List<Map.Entry<String, byte[]>> files = new ArrayList<>(List.of(
                Map.entry("train/ants/1.png", twice),
                Map.entry("val/ants/2.png", leaked),
                Map.entry("train/ants/3.png", leaked),
                Map.entry("train/ants/4.png", leaked),
                Map.entry("test/bees/5.png", twice),
                Map.entry("test/bees/6.png", Images.png()),
                Map.entry("train/bees/7.png", "no picture".getBytes(UTF_8)),
                Map.entry("train/ants/7.png", "no picture".getBytes(UTF_8))));
        List<Map<?, ?>> results = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Map<String, byte[]> archive = new LinkedHashMap<>();
            files.forEach(file -> archive.put(file.getKey(), file.getValue()));
            String dataset = Service.dataset();
            JsonPath view = Service.importAll(dataset, Archives.zip(archive));
            results.add(result(dataset, view));
            assertThat(view.getList("rejected.file", String.class))
                    .containsExactlyInAnyOrder(
                            "train/ants/1.png", "test/bees/5.png", "train/bees/7.png", "train/ants/7.png");
            assertThat(view.getList("leaks.file", String.class))
                    .containsExactlyInAnyOrder("train/ants/3.png", "train/ants/4.png");
            Collections.rotate(files, 3);
        }

        assertThat(results).allMatch(results.getFirst()::equals);
        assertThat(results.getFirst().get("splits")).isEqualTo(Map.of("val", 1, "test", 1));
    }

    @Test
    void takesAConflictingCopyOnceItsLabelIsSaid() {
        byte[] twice = Images.png();
        String dataset = Service.dataset();
        JsonPath view = Service.importAll(
                dataset, Archives.zip(Map.of("ants/1.png", twice, "bees/2.png", twice, "bees/3.png", Images.png())));
        String reject = when().get("/v1/rejects?import=" + view.getString("id"))
                .jsonPath()
                .getString("items[0].id");

        when().post("/v1/rejects/{id}/replay?label=ants", reject).then().statusCode(201);

        assertThat(classes(dataset)).isEqualTo(Map.of("ants", 1, "bees", 1));
    }

    @Test
    void namesALeakBetweenTwoImports() {
        byte[] image = Images.png();
        String dataset = Service.dataset();
        Service.importAll(dataset, Archives.tar(Map.of("train/ants/1.png", image)));

        JsonPath second = Service.importAll(dataset, Archives.tar(Map.of("test/ants/2.png", image)));

        assertThat(second.getString("leaks[0].file")).isEqualTo("test/ants/2.png");
        assertThat(second.getString("leaks[0].keptFile")).isEqualTo("train/ants/1.png");
        assertThat(splits(dataset)).isEqualTo(Map.of("train", 1));
        when().delete("/v1/datasets/{n}", dataset).then().statusCode(204);
    }

    @Test
    void namesLinksAndPointersAsWhatTheyAre() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("a/0.png", Images.png());
        files.put(
                "a/lfs.png", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5030\n".getBytes(UTF_8));
        files.put("a/annex.png", "/annex/objects/SHA256E-s5030--00.png\n".getBytes(UTF_8));
        byte[] tar = Archives.tar(files);
        byte[] link = Archives.tarWithLink("a/link.png", "../.git/annex/objects/x.png");
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(tar);
        both.writeBytes(link);

        JsonPath view = Service.importAll(Service.dataset(), both.toByteArray());

        assertThat(view.getInt("accepted")).isEqualTo(1);
        assertThat(view.getString("reasons[0].type"))
                .isEqualTo(ProblemType.IMAGE_ABSENT.uri().toString());
        assertThat(view.getInt("reasons[0].files")).isEqualTo(3);
        assertThat(view.getList("rejected.detail", String.class))
                .satisfiesExactly(
                        lfs -> assertThat(lfs).contains("git lfs pull"),
                        annex -> assertThat(annex).contains("git annex get"),
                        named -> assertThat(named).contains("link of git-annex to ../.git/annex/objects/x.png"));
    }

    @Test
    void outlivesAnEndlessName() throws Exception {
        TarArchiveEntry name = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
        name.setSize(700L << 20);
        byte[] header = new byte[512];
        name.writeEntryHeader(header);
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb, 1 << 16)) {
            gzip.write(header);
            byte[] letters = "x".repeat(1 << 20).getBytes(UTF_8);
            for (int i = 0; i < 700; i++) {
                gzip.write(letters);
            }
        }
        String dataset = Service.dataset();

        JsonPath refused = Service.importAll(dataset, bomb.toByteArray());

        assertThat(refused.getString("state")).isEqualTo("FAILED");
        assertThat(refused.getString("detail")).contains("734,003,200 bytes");
        assertThat(Service.importAll(dataset, Archives.tar(Map.of("a/1.png", Images.png())))
                        .getString("state"))
                .isEqualTo("SUCCEEDED");
    }

    private static Map<?, ?> result(String dataset, JsonPath view) {
        return Map.of(
                "accepted", view.getInt("accepted"),
                "duplicates", view.getInt("duplicates"),
                "rejected", view.getInt("rejectedTotal"),
                "leaks", view.getInt("leaksTotal"),
                "classes", view.getMap("classes"),
                "splits", splits(dataset),
                "files",
                        new TreeSet<>(when().get("/v1/datasets/{n}/images", dataset)
                                .jsonPath()
                                .getList("items.file", String.class)));
    }

    private static Map<String, Integer> classes(String dataset) {
        return when().get("/v1/datasets/{n}", dataset).jsonPath().getMap("classes");
    }

    private static Map<String, Integer> splits(String dataset) {
        return when().get("/v1/datasets/{n}", dataset).jsonPath().getMap("splits");
    }

    private static void label(String dataset, String imageId, String label) {
        given().contentType("application/json")
                .body(Map.of("label", label))
                .put("/v1/datasets/{n}/images/{id}/label", dataset, imageId)
                .then()
                .statusCode(200);
    }
}
