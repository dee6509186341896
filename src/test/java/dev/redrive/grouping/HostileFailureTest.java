package dev.redrive.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Failure;
import dev.redrive.letter.Origin;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A failure is whatever somebody wrote into a header. */
class HostileFailureTest {

    private static final int SIZE = 2 << 20;

    /** Of the processor and not of the clock, which also counts what other builds do; one of these takes milliseconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    static Stream<String> texts() {
        return Stream.of(
                "a",
                "\0",
                "\n",
                "\"",
                "'",
                "{\"",
                "a.b.CException: ",
                "Caused by: x\n\tat a.B.c(B.java:1)\n\t... 99999 more\n",
                "\tat a.B.c(B.java:1)\n\t... 99999 more\n\t... 99999 more\nCaused by: y\n",
                "\tSuppressed: x\n\tat a.B.c(B.java:1)\n",
                "Traceback (most recent call last):\n  File \"/a/b.py\", line 1, in c\nX: y\n",
                "  | Exception Group Traceback (most recent call last):\n",
                "goroutine 1 [running]:\nmain.f(0x1)\n\t/a/b.go:1 +0x1\n",
                "panic(0x1)\n\t/a/b.go:1\n",
                "x.rb:1:in `a': b (C)\n",
                "\tfrom x.rb:1:in `a'\n",
                "#0 /a/b.php(1): C->d()\nNext E: f\n",
                "[cause]: E: f\n    at g (/h/i.js:1:2)\n",
                " ---> System.E: f\n   at A.B.c(D d)\n   --- End of inner exception stack trace ---\n",
                "x ---> y ",
                "at ",
                "((((",
                "....",
                "::::",
                "\uD83D",
                "‹n›",
                "1,",
                "$$",
                "a/b/c/",
                "<<<>>>",
                "[::",
                "[a:b]:1 ",
                "12[",
                "must got ",
                "\\n\\t",
                " at a.b(",
                "„",
                "=".repeat(16) + " ",
                "undefined method for #<",
                "thread 'a' panicked at b.rs:1:2:\n   0: c::d\n     at e.rs:1:2\n",
                "lookup x on y: no such host ",
                "A. ",
                "1 boxes ",
                "(1, \"",
                "WriteError{code=1, message='",
                "(through reference chain: ");
    }

    @ParameterizedTest
    @MethodSource("texts")
    void isGroupedInBoundedTimeWhateverItHolds(String text) {
        String whole = text.repeat(SIZE / text.length());
        var reading = Readings.of(
                new Origin(whole, null, null, null, whole, null), new Failure(whole, whole, whole, whole, null));
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        var fingerprint = Fingerprinter.of("orders-dlt", reading);
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - start)).isLessThan(PATIENCE);
        assertClean(fingerprint);
        assertThat(Fingerprinter.of("orders-dlt", reading)).isEqualTo(fingerprint);
    }

    @Test
    void ofRandomBytesBetweenPiecesOfRealTracesIsGrouped() {
        long seed = System.nanoTime();
        System.out.println("seed of the hostile failures: " + seed);
        var random = new Random(seed);
        var samples = Corpus.samples();
        for (int i = 0; i < 2_000; i++) {
            var reading = Readings.of(
                    mixed(samples, random), mixed(samples, random), mixed(samples, random), mixed(samples, random));
            assertClean(Fingerprinter.of("orders-dlt", reading));
        }
    }

    private static String mixed(java.util.List<Corpus.Sample> samples, Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            var failure = samples.get(random.nextInt(samples.size())).reading().failure();
            String real = failure.stackTrace() == null ? "x: y" : failure.stackTrace();
            int from = random.nextInt(real.length());
            text.append(real, from, from + random.nextInt(real.length() - from));
            var bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            text.append(new String(bytes, StandardCharsets.UTF_16));
        }
        return text.toString();
    }

    private static void assertClean(Fingerprint fingerprint) {
        assertThat(fingerprint.title()).isNotBlank().hasSizeLessThanOrEqualTo(200);
        var texts = Stream.concat(
                Stream.of(fingerprint.title(), fingerprint.message(), fingerprint.culprit()),
                fingerprint.parts().stream().map(Fingerprint.Part::value));
        assertThat(texts.filter(text -> text != null)).allSatisfy(text -> {
            assertThat(text).hasSizeLessThanOrEqualTo(500).doesNotContain("\0");
            assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(text);
        });
        assertThat(fingerprint.hash().length()).isEqualTo(16);
        assertThat(fingerprint.hash().getByte(0)).isEqualTo((byte) Fingerprinter.VERSION);
    }
}
