package dev.redrive.cli;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Show one letter, or write its value as it is.",
        footer = {
            "%nExamples:",
            "  redrive show 4711",
            "  redrive show 4711 --value > value.bin",
            "  redrive show 4711 --json"
        })
final class Show extends Asking {

    @Parameters(paramLabel = "<id>", description = "The letter.")
    long id;

    @Option(names = "--value", description = "The exact bytes of the value to standard output, and nothing else.")
    boolean value;

    private final Terminal terminal;

    Show(Shell shell) {
        super(shell);
        this.terminal = shell.terminal();
    }

    @Override
    Exit ask(Api api, Output output) {
        if (value) {
            return value(api, output);
        }
        var letter = api.get("/dead-letters/" + id).orFail().body();
        if (output.isJson()) {
            output.json(letter);
        } else {
            describe(output, letter);
        }
        return Exit.OK;
    }

    private Exit value(Api api, Output output) {
        var path = "/dead-letters/" + id + "/payload?part=value";
        if (!terminal.interactive()) {
            said(output, api.stream(path, terminal.out()));
            return Exit.OK;
        }
        var bytes = new ByteArrayOutputStream();
        said(output, api.stream(path, bytes));
        var text = bytes.toString(StandardCharsets.UTF_8);
        if (text.codePoints().anyMatch(c -> c == 0xfffd || c != '\n' && c != '\t' && Plain.isDangerous(c))) {
            throw new Failure(
                    Exit.USAGE,
                    "The value holds bytes that a terminal would obey",
                    "Send it to a file (> value.bin), or leave --value out to see it escaped.");
        }
        output.text(text);
        return Exit.OK;
    }

    private static void said(Output output, int status) {
        if (status == 204) {
            output.note("The value is null (a tombstone)");
        }
    }

    private static void describe(Output output, JsonObject letter) {
        output.text(facts(letter));
        var headers = Answer.objects(letter.getJsonArray("headers"));
        if (!headers.isEmpty()) {
            var table = new Table("HEADER", "VALUE");
            headers.forEach(header -> table.row(header.getString("name"), bytes(header.getJsonObject("value"))));
            output.text("\n" + table);
        }
        var value = letter.getJsonObject("value");
        output.text("\nvalue  " + (value == null ? "null\n" : size(value) + "\n" + Plain.block(data(value)) + "\n"));
    }

    private static Table facts(JsonObject letter) {
        var at = letter.getJsonObject("position");
        var origin = letter.getJsonObject("origin");
        var failure = letter.getJsonObject("failure");
        return new Table()
                .row("letter", letter.getString("id"))
                .row("status", letter.getString("status"))
                .row("topic", place(at))
                .row("origin", place(origin))
                .row("consumer", origin.getString("consumerGroup"))
                .row("failed", letter.getString("failedAt"))
                .row("class", failure.getString("exceptionClass"))
                .row("cause", failure.getString("causeClass"))
                .row("message", failure.getString("message"))
                .row("group", letter.getString("failureGroupId"))
                .row("convention", letter.getString("convention"))
                .row("returns", letter.getJsonObject("lineage").getInteger("returns"))
                .row("draft", letter.getJsonObject("draft") == null ? "none" : "edited, not sent")
                .row("possible", letter.getJsonArray("allowedActions").encode())
                .row("key", bytes(letter.getJsonObject("key")));
    }

    private static @Nullable String place(JsonObject position) {
        return position.getString("topic") == null
                ? null
                : position.getString("topic") + " " + position.getValue("partition") + "@"
                        + position.getValue("offset");
    }

    private static String bytes(@Nullable JsonObject bytes) {
        return bytes == null ? "null" : data(bytes);
    }

    private static String data(JsonObject bytes) {
        return (bytes.getString("encoding").equals("base64") ? "base64:" : "") + bytes.getString("data");
    }

    private static String size(JsonObject bytes) {
        var cut = bytes.getBoolean("truncated", false) ? ", the beginning of it" : "";
        return "%,d bytes".formatted(bytes.getLong("size")) + cut;
    }
}
