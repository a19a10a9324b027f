package dev.graft.networks.quantisation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/// How many of their eight bits the weights use.
///
/// Processors of the x86 family without VNNI multiply bytes by `vpmaddubsw`, which adds two products in sixteen
/// bits and saturates there: 2 · 255 · 127 is too much, 2 · 255 · 64 is not. On them the weights use seven bits.
/// Both give the same features but for the error of rounding, as engines do, so an extractor's identity does not
/// name them.
public enum WeightBits {
    /// Weights from −127 to 127.
    EIGHT(127),
    /// Weights from −64 to 64.
    SEVEN(64);

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final Set<String> VNNI = Set.of("avx512_vnni", "avx_vnni");
    private static final WeightBits HERE = of(System.getProperty("os.arch", ""), processors());

    private final int greatest;

    WeightBits(int greatest) {
        this.greatest = greatest;
    }

    /// Returns the greatest weight.
    public int greatest() {
        return greatest;
    }

    /// Returns what suits the processors of this machine, looked up once.
    public static WeightBits ofThisMachine() {
        return HERE;
    }

    /// Returns what suits a machine: eight bits where products are known not to saturate, else seven.
    ///
    /// @param architecture as in the system property `os.arch`
    /// @param processors Linux's `/proc/cpuinfo`, empty where it is not known
    static WeightBits of(String architecture, String processors) {
        return switch (architecture.toLowerCase(Locale.ROOT)) {
            // ARM's dot products and widening multiplications add in 32 bits.
            case "aarch64", "arm64" -> EIGHT;
            default -> everyProcessorHasVnni(processors) ? EIGHT : SEVEN;
        };
    }

    private static boolean everyProcessorHasVnni(String processors) {
        String[] flags =
                processors.lines().filter(line -> line.startsWith("flags")).toArray(String[]::new);
        return flags.length > 0
                && Arrays.stream(flags)
                        .allMatch(line -> Arrays.stream(line.split("\\s+")).anyMatch(VNNI::contains));
    }

    private static String processors() {
        try {
            return Files.readString(PROCESSORS, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
