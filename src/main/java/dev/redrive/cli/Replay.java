package dev.redrive.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "replay",
        description = "Send letters to their origin again, one at once or several as a job.",
        footer = {
            "%nExamples:",
            "  redrive replay 4711 --dry-run",
            "  redrive replay 4711 --reason INC-4711 --wait",
            "  redrive replay --query 'topic:orders-dlt is:open' --dry-run",
            "  redrive replay --query 'topic:orders-dlt is:open' --reason INC-4711 --rate 50 --canary 5 --yes --wait",
            "  redrive replay --group 12 --reason INC-4711 --order strict --yes --idempotency-key inc-4712",
            "  redrive replay --group 12 --reason INC-4711 --skip newer-key,too-large --paused --yes"
        })
final class Replay extends Asking {

    @ArgGroup(multiplicity = "1")
    Which which = new Which();

    @Mixin
    final Order order = new Order();

    @Option(names = "--rate", paramLabel = "<n>", description = "Several letters: so many a second at most.")
    @Nullable
    Integer rate;

    @Option(
            names = "--canary",
            paramLabel = "<n>",
            description = "Several letters: so many go first; one that comes back holds the job.")
    @Nullable
    Integer canary;

    @Option(
            names = "--order",
            paramLabel = "origin|strict",
            description = "Several letters; strict: a letter waits behind an earlier one of its key that failed.")
    @Nullable
    String ordering;

    @Option(
            names = "--drafts",
            paramLabel = "skip|send|ignore",
            description = "Several letters: what becomes of those that were edited (skip unless given).")
    @Nullable
    String drafts;

    @Option(
            names = "--skip",
            paramLabel = "<warning>",
            split = ",",
            description =
                    "Several letters: leave out those of which a warning is true: newer-key, newer-record, other-partition, "
                            + "too-large, compacted, readers. May be repeated.")
    List<String> skip = List.of();

    @Option(names = "--paused", description = "Several letters: order the job, and let it wait for redrive job resume.")
    boolean paused;

    @Option(
            names = "--source",
            paramLabel = "original|draft|origin-record",
            description = "One letter: what is sent (original, unless it was edited: then say which).")
    @Nullable
    String source;

    @Option(
            names = "--override",
            paramLabel = "<word>",
            description = "Send in spite of a check: loop, dead-letter-topic. May be repeated.")
    List<String> overrides = List.of();

    Replay(Shell shell) {
        super(shell);
    }

    @Override
    Exit ask(Api api, Output output) {
        if (which.isOne()) {
            if (rate != null || canary != null || ordering != null || drafts != null || !skip.isEmpty() || paused) {
                throw Failure.usage(
                        "--rate, --canary, --order, --drafts, --skip and --paused are for --query and --group");
            }
            return new ReplayOfOne(api, output, order, overrides).send(String.valueOf(which.id), source);
        }
        if (source != null) {
            throw Failure.usage("--source is for one letter; for several there is --drafts");
        }
        return several(api, output);
    }

    private Exit several(Api api, Output output) {
        if (!order.dryRun) {
            order.neededReason();
        }
        var before = order.before(api, output, "replay", which);
        if (before != null) {
            return reported(output, before);
        }
        var selection = Order.select(api, which);
        var preview = api.post(
                        "/selections/" + selection.getString("id") + "/previews",
                        new JsonObject().put("options", options()))
                .orFail()
                .body();
        output.aside(ReplayPreview.of(selection, preview));
        if (preview.getLong("willSend") == 0) {
            throw new Failure(Exit.REFUSED, "None of the letters could be sent", "Why is listed above.");
        }
        if (order.dryRun) {
            if (output.isJson()) {
                output.json(new JsonObject().put("selection", selection).put("preview", preview));
            }
            return Exit.OK;
        }
        if (!order.isMeant(output, "Replay these letters?")) {
            return Exit.REFUSED;
        }
        var options = paused ? options().put("startPaused", true) : options();
        var job = order.order(api, output, "replay", selection, options);
        return reported(output, job);
    }

    private Exit reported(Output output, JsonObject job) {
        JobReport.show(output, job);
        return order.wait == null ? Exit.OK : JobReport.end(output, job);
    }

    private JsonObject options() {
        var options = new JsonObject();
        put(options, "rate", rate);
        put(options, "canary", canary);
        put(options, "order", ordering);
        put(options, "drafts", drafts);
        put(options, "skip", skip.isEmpty() ? null : new JsonArray(skip));
        return overrides.isEmpty() ? options : options.put("overrides", new JsonArray(overrides));
    }

    private static void put(JsonObject options, String name, @Nullable Object value) {
        if (value != null) {
            options.put(name, value);
        }
    }
}
