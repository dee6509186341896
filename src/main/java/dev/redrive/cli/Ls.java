package dev.redrive.cli;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "ls",
        description = "List letters, newest first.",
        footer = {
            "%nExamples:",
            "  redrive ls is:open",
            "  redrive ls 'topic:orders-dlt class:JsonMapping* is:open' --limit 20",
            "  redrive ls --count 'is:open -assignee:ana'",
            "  redrive ls is:open --json",
            "%nA filter that begins with a dash goes behind --query or reads NOT: redrive ls 'NOT is:open'"
        })
final class Ls extends Asking {

    @Mixin
    private final FilterWords filter = new FilterWords();

    @Option(
            names = "--limit",
            defaultValue = "50",
            paramLabel = "<n>",
            description = "Letters at most (default: ${DEFAULT-VALUE}).")
    int limit;

    @Option(names = "--count", description = "Only say how many there are; with + where counting stopped early.")
    boolean count;

    Ls(Shell shell) {
        super(shell);
    }

    @Override
    Exit ask(Api api, Output output) {
        var q = filter.text();
        if (count) {
            return count(api, output, q);
        }
        var letters = Pages.read(
                limit,
                output,
                page -> api.post(
                        "/dead-letters/search",
                        new JsonObject().put("q", q).put("limit", page.limit()).put("cursor", page.cursor())));
        if (output.isJson()) {
            output.json(letters);
        } else if (!letters.isEmpty()) {
            output.text(table(letters));
        }
        return letters.isEmpty() ? Exit.NOTHING : Exit.OK;
    }

    private static Exit count(Api api, Output output, String q) {
        var answer = api.post(
                "/dead-letters/search",
                new JsonObject().put("q", q).put("limit", 1).put("count", true));
        var total = answer.orFail().body().getJsonObject("total");
        long value = total.getLong("value");
        if (output.isJson()) {
            output.json(total);
        } else {
            output.text(value + (total.getString("relation").equals("eq") ? "" : "+") + "\n");
        }
        return value == 0 ? Exit.NOTHING : Exit.OK;
    }

    private static Table table(List<JsonObject> letters) {
        var table = new Table("ID", "STATUS", "FAILED", "TOPIC", "CLASS", "KEY", "SIZE", "MESSAGE");
        for (var letter : letters) {
            var failure = letter.getJsonObject("failure");
            table.row(
                    letter.getString("id"),
                    letter.getString("status"),
                    letter.getString("failedAt"),
                    letter.getJsonObject("position").getString("topic"),
                    simple(failure.getString("exceptionClass")),
                    Plain.line(letter.getString("keyPreview"), 32),
                    letter.getInteger("valueSize"),
                    failure.getString("message"));
        }
        return table;
    }

    /** The name without its package. */
    private static @Nullable String simple(@Nullable String className) {
        return className == null ? null : className.substring(className.lastIndexOf('.') + 1);
    }
}
