package dev.redrive.transfer;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.audit.AuditStore;
import dev.redrive.http.ApiServer;
import dev.redrive.letter.Header;
import dev.redrive.letter.Storage;
import dev.redrive.letter.StoredLetters;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script is run by a real bash; what stands for kcat keeps what it was given. */
class KcatScriptTest {

    private ApiServer api;
    private StoredLetters letters;

    @BeforeEach
    void open() throws Exception {
        api = ApiServer.with(pool -> new ExportRoutes(pool, pool, new AuditStore(pool), Clock.systemUTC()));
        letters = new StoredLetters(api.pool());
    }

    @AfterEach
    void close() throws Exception {
        api.close();
    }

    /** Stands for kcat: keeps the bytes of each argument and of standard input. */
    private static final String RECORDER = """
            #!/usr/bin/env bash
            n=$(ls "$OUT" | grep -c in || true)
            cat > "$OUT/$n.in"
            printf '%s\\0' "$@" > "$OUT/$n.args"
            """;

    private record Sent(@Nullable Buffer key, @Nullable Buffer value, List<Header> headers) {}

    @Test
    void writesAScriptFromWhichKcatSendsExactlyTheBytesOrNothing(@TempDir Path directory) throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        var bytes = Buffer.buffer(all);
        var inArgument = Buffer.buffer(Arrays.copyOfRange(all, 1, 256));
        var hostile = Buffer.buffer("$(touch /tmp/owned)`id`';\"\\\n# END_\nEND_\n");
        var sent = List.of(
                new Sent(hostile, hostile, List.of(new Header("a", hostile), new Header("a", null))),
                new Sent(bytes, bytes, List.of(new Header("ü$(id)", inArgument), new Header("b", Buffer.buffer()))),
                new Sent(null, Buffer.buffer("no key"), List.of()),
                new Sent(Buffer.buffer("tombstone"), null, List.of()),
                new Sent(null, null, List.of()),
                new Sent(Buffer.buffer("k"), Buffer.buffer(), List.of()),
                new Sent(Buffer.buffer(), Buffer.buffer("empty key"), List.of()),
                new Sent(Buffer.buffer(), Buffer.buffer(), List.of()));
        var impossible = List.of(
                new Sent(null, Buffer.buffer(), List.of()),
                new Sent(Buffer.buffer(), null, List.of()),
                new Sent(null, bytes, List.of(new Header("", bytes))),
                new Sent(null, bytes, List.of(new Header("a=b", Buffer.buffer("c")))),
                new Sent(null, bytes, List.of(new Header("nul", bytes))),
                new Sent(null, bytes, List.of(new Header("long", Buffer.buffer("x".repeat(200_000))))));
        for (var one : sent) {
            add(one);
        }
        for (var one : impossible) {
            add(one);
        }
        var large = new byte[1_000_000];
        new Random(5).nextBytes(large);
        letters.add(sample().withValue(Buffer.buffer(large))
                .withStorage(Storage.CHUNKED)
                .withHeaders());

        var script = api.get("/api/v1/dead-letters/export?format=kcat").bodyAsString();
        assertThat(script.lines().filter(line -> line.startsWith("# LEFT OUT"))).hasSize(impossible.size());
        assertThat(run(directory, script)).isZero();

        for (int i = 0; i < sent.size(); i++) {
            assertThat(received(directory, i)).as("letter %d", i).isEqualTo(sent.get(i));
        }
        assertThat(received(directory, sent.size()).value()).isEqualTo(Buffer.buffer(large));
        assertThat(Files.exists(directory.resolve("out/" + (sent.size() + 1) + ".in")))
                .isFalse();
        assertThat(run(directory, script.substring(0, script.length() / 2)))
                .as("cut")
                .isEqualTo(1);
    }

    private void add(Sent one) throws Exception {
        letters.add(sample().withKey(one.key())
                .withValue(one.value())
                .withHeaders(one.headers().toArray(Header[]::new)));
    }

    private static int run(Path directory, String script) throws Exception {
        var recorder = directory.resolve("kcat");
        Files.writeString(recorder, RECORDER);
        recorder.toFile().setExecutable(true);
        Files.createDirectories(directory.resolve("out"));
        var file = Files.writeString(directory.resolve("letters.sh"), script);
        var process = new ProcessBuilder("bash", file.toString()).redirectErrorStream(true);
        process.redirectOutput(directory.resolve("log").toFile());
        process.environment().put("KCAT", recorder.toString());
        process.environment().put("OUT", directory.resolve("out").toString());
        process.environment().put("REDRIVE_BROKERS", "b:1");
        process.environment().put("REDRIVE_TOPIC", "orders");
        var running = process.start();
        assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return running.exitValue();
    }

    /** What kcat 1.7 makes of its arguments and its input, after its producer_run and add_header. */
    private static Sent received(Path directory, int number) throws Exception {
        var input =
                new String(Files.readAllBytes(directory.resolve("out/" + number + ".in")), StandardCharsets.ISO_8859_1);
        var arguments = List.of(new String(
                        Files.readAllBytes(directory.resolve("out/" + number + ".args")), StandardCharsets.ISO_8859_1)
                .split("\0"));
        var keyEnd = arguments.get(arguments.indexOf("-K") + 1);
        assertThat(input).doesNotContain(arguments.get(arguments.indexOf("-D") + 1));
        boolean emptyIsNull = arguments.contains("-Z");
        int at = input.indexOf(keyEnd);
        var headers = new ArrayList<Header>();
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).equals("-H")) {
                var pair = arguments.get(i + 1).split("=", 2);
                var name = new String(pair[0].getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                headers.add(new Header(name, pair.length == 1 ? null : buffer(pair[1])));
            }
        }
        var key = buffer(input.substring(0, at));
        var value = buffer(input.substring(at + keyEnd.length()));
        return new Sent(
                emptyIsNull && key.length() == 0 ? null : key,
                emptyIsNull && value.length() == 0 ? null : value,
                headers);
    }

    private static Buffer buffer(String latin1) {
        return Buffer.buffer(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }
}
