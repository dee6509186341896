package dev.redrive.cli;

import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "discard",
        description = "Set letters aside, one at once or several as a job. It can be undone in the UI.",
        footer = {
            "%nExamples:",
            "  redrive discard 4711 --reason 'a test order'",
            "  redrive discard --query 'class:TestOrderException is:open' --dry-run",
            "  redrive discard --query 'class:TestOrderException is:open' --reason 'test orders' --yes --wait",
            "  redrive discard --group 12 --reason 'test orders' --yes"
        })
final class Discard extends Asking {

    private static final Set<Integer> CHANGED_MEANWHILE = Set.of(409, 412);

    @ArgGroup(multiplicity = "1")
    Which which = new Which();

    @Mixin
    final Order order = new Order();

    Discard(Shell shell) {
        super(shell);
    }

    @Override
    Exit ask(Api api, Output output) {
        return which.isOne() ? one(api, output, "/dead-letters/" + which.id) : several(api, output);
    }

    private Exit one(Api api, Output output, String path) {
        var letter = api.get(path).orFail().body();
        boolean possible = letter.getJsonArray("allowedActions").contains("discard");
        if (order.dryRun) {
            return possible ? told(output, letter, Exit.OK) : told(output, letter, Exit.REFUSED);
        }
        var answer = api.post(
                path + "/discards", reason(order.reason), Api.KEY, order.key(output), "If-Match", version(letter));
        if (answer.again() && CHANGED_MEANWHILE.contains(answer.status())) {
            // The first request acted and its answer was lost: what it wanted is there.
            var now = api.get(path).orFail().body();
            return now.getString("status").equals("discarded") ? told(output, now, Exit.OK) : fail(answer);
        }
        return told(output, answer.orFail().body(), Exit.OK);
    }

    private static Exit fail(Answer answer) {
        throw answer.failure();
    }

    private static String version(JsonObject letter) {
        return "\"v" + letter.getInteger("version") + "\"";
    }

    private static JsonObject reason(@Nullable String reason) {
        return new JsonObject().put("reason", reason);
    }

    private static Exit told(Output output, JsonObject letter, Exit exit) {
        if (output.isJson()) {
            output.json(letter);
        } else {
            output.text(new Table()
                    .row("letter", letter.getString("id"))
                    .row("status", letter.getString("status"))
                    .row("possible", letter.getJsonArray("allowedActions").encode()));
        }
        return exit;
    }

    private Exit several(Api api, Output output) {
        if (!order.dryRun) {
            order.neededReason();
        }
        var before = order.before(api, output, "discard", which);
        if (before != null) {
            return reported(output, before);
        }
        var selection = Order.select(api, which);
        output.aside(preview(selection));
        if (order.dryRun) {
            if (output.isJson()) {
                output.json(selection);
            }
            return Exit.OK;
        }
        if (!order.isMeant(output, "Discard these letters?")) {
            return Exit.REFUSED;
        }
        var job = order.order(api, output, "discard", selection, new JsonObject());
        return reported(output, job);
    }

    private Exit reported(Output output, JsonObject job) {
        JobReport.show(output, job);
        return order.wait == null ? Exit.OK : JobReport.end(output, job);
    }

    private static String preview(JsonObject selection) {
        var table = new Table("TOPIC", "LETTERS");
        Answer.objects(selection.getJsonArray("byTopic"))
                .forEach(topic -> table.row(topic.getString("topic"), topic.getLong("letters")));
        var statuses = new Table("STATUS", "LETTERS");
        Answer.objects(selection.getJsonArray("byStatus"))
                .forEach(status -> statuses.row(status.getString("status"), status.getLong("letters")));
        return ReplayPreview.counted(selection) + "; only open ones are discarded\n" + table + statuses;
    }
}
