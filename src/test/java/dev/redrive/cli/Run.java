package dev.redrive.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One run of the command {@code redrive} in this JVM, with its streams and its exit code. */
public record Run(int code, byte[] bytes, String err) {

    /** Long enough to find a server again, short enough for a test that loses every answer. */
    private static final List<Duration> IMPATIENT = List.of(Duration.ofMillis(50), Duration.ofMillis(200));

    /** As in a script: nobody to ask. */
    public static Run of(Map<String, String> environment, String... arguments) {
        return of(environment, "", false, arguments);
    }

    /** @param typed what a person at a terminal answers */
    public static Run typing(Map<String, String> environment, String typed, String... arguments) {
        return of(environment, typed, true, arguments);
    }

    private static Run of(Map<String, String> environment, String typed, boolean interactive, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new ByteArrayInputStream(typed.getBytes(UTF_8)),
                new PrintStream(out, false, UTF_8),
                new PrintStream(err, true, UTF_8),
                interactive);
        int code = new Cli(terminal, environment, IMPATIENT).run(arguments);
        return new Run(code, out.toByteArray(), err.toString(UTF_8));
    }

    public String out() {
        return new String(bytes, UTF_8);
    }

    public JsonObject json() {
        return new JsonObject(out());
    }

    /** Each line of the output. */
    public List<JsonObject> lines() {
        return out().lines().map(JsonObject::new).toList();
    }
}
