package dev.graft.testkit.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// JSON bodies that are wrong, by what is wrong with them.
final class HostileBodies {
    private static final int DEEP = 2_000;
    private static final int LONG = 60_000;
    private static final int DIGITS = 1_200;

    private static final List<JsonNode> FOREIGN = List.of(
            JsonNodeFactory.instance.nullNode(),
            JsonNodeFactory.instance.objectNode(),
            JsonNodeFactory.instance.arrayNode().addNull(),
            JsonNodeFactory.instance.textNode("1"),
            JsonNodeFactory.instance.textNode("x".repeat(LONG)),
            JsonNodeFactory.instance.textNode("\u0000\u0007"),
            JsonNodeFactory.instance.numberNode(-1),
            JsonNodeFactory.instance.numberNode(1e308),
            JsonNodeFactory.instance.numberNode(BigInteger.ONE.shiftLeft(62)),
            JsonNodeFactory.instance.numberNode(BigInteger.TEN.pow(DIGITS)),
            JsonNodeFactory.instance.booleanNode(false));

    private HostileBodies() {}

    /// Bodies that no operation can take.
    static Map<String, byte[]> unreadable(JsonNode example) {
        Map<String, byte[]> bodies = new LinkedHashMap<>();
        String written = example.toString();
        bodies.put("nothing", new byte[0]);
        bodies.put("null", utf8("null"));
        bodies.put("an array", utf8("[]"));
        bodies.put("a text", utf8("\"text\""));
        bodies.put("NaN", utf8("NaN"));
        bodies.put("HTML", utf8("<!doctype html><html></html>"));
        bodies.put("an open brace", utf8("{"));
        bodies.put("cut JSON", utf8(written.substring(0, written.length() - 1)));
        bodies.put("two documents", utf8(written + written));
        bodies.put("deep arrays", utf8("[".repeat(DEEP) + "]".repeat(DEEP)));
        bodies.put("deep objects", utf8("{\"a\":".repeat(DEEP) + "1" + "}".repeat(DEEP)));
        bodies.put("a name of 60,000 characters", utf8("{\"" + "n".repeat(LONG) + "\":1}"));
        bodies.put("bytes that are no UTF-8", new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', ':', '1', '}'});
        bodies.put("a control character", utf8("{\"a\":\"\u0001\"}"));
        bodies.put("UTF-32", new byte[] {0, 0, 0, '{', 0, 0x7F, (byte) 0xFF, (byte) 0xFF});
        return bodies;
    }

    /// The example with a member more.
    static byte[] surplus(JsonNode example) {
        return utf8(((ObjectNode) example.deepCopy()).put("surplus", 1).toString());
    }

    /// The example with one value at a time replaced by a foreign one; some of these may be right.
    ///
    /// @param further members that the example leaves out: each is added alone, and its values are replaced
    static Map<String, byte[]> doubtful(JsonNode example, Map<String, JsonNode> further) {
        Map<String, byte[]> bodies = new LinkedHashMap<>();
        replaceEach(example, "", example, bodies);
        if (example instanceof ObjectNode object) {
            further.forEach((name, value) -> {
                replace(example, "/" + name, foreign -> object.set(name, foreign), value, bodies);
                object.remove(name);
            });
        }
        return bodies;
    }

    private static void replaceEach(JsonNode root, String at, JsonNode node, Map<String, byte[]> bodies) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : List.copyOf(object.properties())) {
                String name = member.getKey();
                replace(root, at + "/" + name, value -> object.set(name, value), member.getValue(), bodies);
            }
        } else if (node instanceof ArrayNode array && !array.isEmpty()) {
            replace(root, at + "/0", value -> array.set(0, value), array.get(0), bodies);
        }
    }

    private static void replace(
            JsonNode root, String at, Consumer<JsonNode> setter, JsonNode original, Map<String, byte[]> bodies) {
        for (JsonNode foreign : FOREIGN) {
            setter.accept(foreign);
            String shown = foreign.toString();
            bodies.put(
                    at + " = " + (shown.length() > 20 ? shown.substring(0, 20) + "…" : shown), utf8(root.toString()));
        }
        setter.accept(original);
        replaceEach(root, at, original, bodies);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
