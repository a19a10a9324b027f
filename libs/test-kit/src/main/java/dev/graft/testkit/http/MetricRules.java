package dev.graft.testkit.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Checks our own metrics in a service's exposition for Prometheus as `promtool check metrics` does (`promlint`: help,
/// suffixes, base units, names of labels), and that users can read of each of them.
public final class MetricRules {
    private static final String OURS = "graft_";
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (\\S+) ?(.*)");
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final Pattern SNAKE_CASE = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern OTHER_UNIT = Pattern.compile(
            ".*_(millis|milliseconds|ms|minutes|hours|days|kilobytes|megabytes|mebibytes|percent)(_.*)?");

    private MetricRules() {}

    /// Gives what is wrong with a service that has answered a request.
    ///
    /// @param service    names the service in its build information
    /// @param exposition what its `/q/metrics` answers
    /// @param manual     the text in which users read of metrics
    public static List<String> faults(String service, String exposition, String manual) {
        Map<String, String> help = new HashMap<>();
        Map<String, String> types = new HashMap<>();
        List<String> faults = new ArrayList<>();
        for (String line : exposition.lines().toList()) {
            Matcher comment = COMMENT.matcher(line);
            if (comment.matches()) {
                (comment.group(1).equals("HELP") ? help : types).put(comment.group(2), comment.group(3));
            } else {
                checkSample(line, faults);
            }
        }
        types.forEach((name, type) -> {
            if (name.startsWith(OURS)) {
                checkFamily(name, type, help.getOrDefault(name, ""), manual, faults);
            }
        });
        if (exposition.lines().noneMatch(line -> isBuildOf(service, line))) {
            faults.add("there is no build information of " + service);
        }
        if (!exposition.contains("http_server_requests_seconds_bucket{")) {
            faults.add("there are no buckets of the seconds of requests");
        }
        return faults;
    }

    private static boolean isBuildOf(String service, String line) {
        return line.startsWith("graft_build_info{") && line.contains("service=\"" + service + "\"");
    }

    private static void checkFamily(String name, String type, String help, String manual, List<String> faults) {
        if (help.isBlank()) {
            faults.add(name + " has no help");
        }
        if (!SNAKE_CASE.matcher(name).matches() || OTHER_UNIT.matcher(name).matches()) {
            faults.add(name + " is no name in snake_case with a base unit");
        }
        if (name.endsWith("_total") && !type.equals("counter")) {
            faults.add(name + " is no counter");
        }
        // The greatest value of a timer stands beside its histogram.
        String described = name.endsWith("_max") ? name.substring(0, name.length() - "_max".length()) : name;
        if (!manual.contains(described)) {
            faults.add("the manual does not name " + described);
        }
    }

    private static void checkSample(String line, List<String> faults) {
        Matcher sample = SAMPLE.matcher(line);
        if (sample.lookingAt() && sample.group(1).startsWith(OURS) && sample.group(2) != null) {
            Matcher label = LABEL.matcher(sample.group(2));
            while (label.find()) {
                if (!SNAKE_CASE.matcher(label.group(1)).matches()) {
                    faults.add(line + ": a label is not in snake_case");
                }
            }
        }
    }
}
