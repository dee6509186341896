package dev.redrive.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Texts that nobody thought of: made by the grammar, made by the grammar and then damaged, and made of anything. They
 * are written down with what this parser makes of them, and ui/tests/unit/filter.spec.ts compares the other parser.
 */
class RandomFilterTest {

    /** Read by the UI's test of the same build. */
    private static final Path WRITTEN = Path.of("target/filter-random.ndjson");

    private static final int TEXTS = 20_000;
    private static final Duration MOST_TIME = Duration.ofMillis(50);
    private static final long SEED = Long.getLong("filter.seed", System.nanoTime());

    private static final List<String> PIECES = List.of(
            "topic:",
            "status:",
            "is:",
            "has:",
            "ts:",
            "partition:",
            "offset:",
            "size:",
            "payload.",
            "header.",
            "id:",
            "key:",
            "clas:",
            "foo:",
            "open",
            "returned",
            "orders-dlq",
            "a",
            "B",
            "*",
            ",",
            ",,",
            "\"",
            "\\",
            "\\\"",
            "(",
            ")",
            "-",
            "--",
            "OR",
            "AND",
            "NOT",
            " ",
            "  ",
            "\t",
            "\u00a0",
            ">",
            ">=",
            "<",
            "<=",
            "..",
            "1",
            "-7",
            "007",
            "999999999999999999",
            "1000000000000000000",
            "2kB",
            "1MiB",
            "2h",
            "15m",
            "7d",
            "3y",
            "2026-11-23",
            "2026-11-23T02:00Z",
            "03:00Z",
            "2026-02-30",
            "T25:00",
            "+02:00",
            "[0]",
            "[",
            "]",
            ".",
            "order.id",
            "'",
            ";",
            "$1",
            "%",
            "_",
            "\u0000",
            "\u007f",
            "é",
            "\u212a",
            "😀",
            "\ud83d",
            "\ude00",
            "\u202e",
            "\uff1a",
            "\u2028");

    /** Repeated: nesting, what a regular expression would go back over, and what is looked at more than once. */
    private static final List<String> SLOW = List.of(
            "(",
            ")",
            "a(",
            "\"",
            "\\\"",
            "-",
            "NOT ",
            "a OR ",
            "a AND ",
            "a,",
            "topic:a,",
            "header.\"a\"",
            " ",
            "\u00a0",
            "ts:2026-11-23",
            "2026-11-23T02:00..",
            "1",
            "..",
            "a.",
            "[0]",
            "*",
            "\ud83d\ude00",
            "topi",
            "aA",
            "order.id:");

    private final Random random = new Random(SEED);

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private String wellFormed(int depth) {
        return switch (random.nextInt(depth > 3 ? 4 : 8)) {
            case 0 -> any(List.of("topic", "class", "key", "error", "tag")) + ":" + text();
            case 1 -> any(List.of("partition:", "offset:>", "attempt:<=", "id:")) + random.nextInt(1_000);
            case 2 -> any(List.of("ts:<2h", "ts:2026-11-23..2026-11-24", "size:>1kB", "is:open", "has:note,draft"));
            case 3 -> any(List.of("payload.a.b[1]:x", "header.x-y:z*", "timeout", "\"a b\"*", "\"payload.a\"", "a,b"));
            case 4 -> "-" + wellFormed(depth + 1);
            case 5 -> "(" + wellFormed(depth + 1) + " OR " + wellFormed(depth + 1) + ")";
            case 6 -> "NOT (" + wellFormed(depth + 1) + " " + wellFormed(depth + 1) + ")";
            default -> wellFormed(depth + 1) + any(List.of(" ", " AND ", " OR ", "  ")) + wellFormed(depth + 1);
        };
    }

    private String text() {
        return any(List.of("a", "a*", "a,b*", "\"x y\"", "\"q\\\"\\\\\"*", "ü,\"z,\"", "-1", "..", "a:b", "\"\""));
    }

    private String damaged(String text) {
        var changed = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(changed.length() + 1);
            if (random.nextBoolean() || at == changed.length()) {
                changed.insert(at, any(PIECES));
            } else {
                changed.deleteCharAt(at);
            }
        }
        return changed.toString();
    }

    private String anything() {
        var text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(random.nextInt(6) > 0 ? any(PIECES) : Character.toString((char) random.nextInt(0x10000)));
        }
        return text.toString();
    }

    private List<String> texts() {
        var texts = new ArrayList<String>();
        for (int i = 0; i < TEXTS; i++) {
            texts.add(
                    switch (i % 3) {
                        case 0 -> wellFormed(0);
                        case 1 -> damaged(wellFormed(1));
                        default -> anything();
                    });
        }
        return texts;
    }

    @Test
    @DisplayName("S-31 no filter takes long to read, and each mistake has a place in the text")
    void readsWhateverIsWritten() throws IOException {
        var lines = new ArrayList<String>();
        int refused = 0;
        for (var text : texts()) {
            var parsed = FilterJson.parsed(text);
            assertThat(leastTime(text)).as(text).isLessThan(MOST_TIME);
            var error = parsed.getJsonObject("error");
            if (error != null) {
                refused++;
                assertThat(error.getInteger("start")).as(text).isBetween(0, text.length());
                assertThat(error.getInteger("end")).as(text).isBetween(error.getInteger("start"), text.length());
            } else {
                var again = FilterText.of(FilterParser.parse(text));
                assertThat(FilterJson.parsed(again).getJsonObject("tree"))
                        .as("%s, written as %s, seed %d", text, again, SEED)
                        .isEqualTo(parsed.getJsonObject("tree"));
                parsed.put("text", again);
            }
            lines.add(new JsonObject().put("q", escaped(text)).mergeIn(parsed).encode());
        }
        Files.createDirectories(WRITTEN.toAbsolutePath().getParent());
        Files.write(WRITTEN, lines);
        System.out.printf("%,d filters from seed %d, %,d refused, in %s%n", lines.size(), SEED, refused, WRITTEN);
        assertThat(refused).isBetween(TEXTS / 10, TEXTS * 9 / 10);
    }

    @Test
    @DisplayName("S-31 what is meant to be slow is read in less than 50 ms, or refused")
    void readsWhatIsMeantToBeSlow() {
        for (var prefix : List.of("", "payload.", "header.", "key:\"", "ts:", "size:", "is:", "a AND ")) {
            for (var unit : SLOW) {
                for (int length : new int[] {FilterParser.MOST_CHARACTERS, 100_000}) {
                    for (var tail : List.of("", "!", ":", ")", "\"", "*")) {
                        var text = prefix + unit.repeat((length - prefix.length() - 1) / unit.length()) + tail;
                        assertThat(leastTime(text)).as(prefix + unit + tail).isLessThan(MOST_TIME);
                    }
                }
            }
        }
    }

    /** Of three, because a collector or another process may stop any one of them; of fewer, if one was quick enough. */
    private static Duration leastTime(String text) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3 && least >= MOST_TIME.toNanos(); i++) {
            long began = System.nanoTime();
            FilterJson.parsed(text);
            least = Math.min(least, System.nanoTime() - began);
        }
        return Duration.ofNanos(least);
    }

    /** A file in UTF-8 holds no half characters, so every code unit is written as a number. */
    private static JsonArray escaped(String text) {
        var units = new JsonArray();
        text.chars().forEach(units::add);
        return units;
    }
}
