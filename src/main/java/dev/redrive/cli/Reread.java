package dev.redrive.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "reread",
        description =
                "Read a dead-letter topic again, as a job. What is stored stays as it is; only what is missing is added.",
        footer = {
            "%nExamples:",
            "  redrive topics reread orders-dlq --from-time 2026-11-23T03:00:00Z --dry-run",
            "  redrive topics reread orders-dlq --from-time 2026-11-23T03:00:00Z --reason INC-7 --yes --wait",
            "  redrive topics reread orders-dlq --partition 3 --from-offset 88101 --reason INC-7 --yes --json"
        })
final class Reread extends Asking {

    @Parameters(paramLabel = "<topic>", description = "The dead-letter topic.")
    String topic = "";

    @Option(names = "--cluster", paramLabel = "<name>", description = "Needed where there are several.")
    @Nullable
    String cluster;

    @ArgGroup(multiplicity = "1")
    From from = new From();

    @Option(names = "--partition", paramLabel = "<n>", description = "This one alone; an offset needs it.")
    @Nullable
    Integer partition;

    @Mixin
    final Order order = new Order();

    /** One of the two. */
    static final class From {

        @Option(names = "--from-offset", paramLabel = "<offset>", description = "The first record to read.")
        @Nullable
        Long offset;

        @Option(
                names = "--from-time",
                paramLabel = "<time>",
                description = "Records written at that time or later, such as 2026-11-23T03:00:00Z.")
        @Nullable
        String time;
    }

    Reread(Shell shell) {
        super(shell);
    }

    @Override
    Exit ask(Api api, Output output) {
        refuseUnclear();
        var path = "/topics/" + URLEncoder.encode(topic, UTF_8) + "/rewinds" + Pages.query("cluster", cluster);
        if (order.dryRun) {
            var plan = plan(api, path).orFail().body();
            if (output.isJson()) {
                output.json(plan);
            } else {
                output.text(preview(plan));
            }
            return Exit.OK;
        }
        order.neededReason();
        var plan = plan(api, path);
        if (plan.isSuccess()) {
            output.aside(preview(plan.body()));
        } else if (order.key == null) {
            throw plan.failure();
        }
        // Who asks again with a key gets the job of before, though by then there may be nothing left to plan.
        if (!order.isMeant(output, "Read these records again?")) {
            return Exit.REFUSED;
        }
        var job = order.order(api, output, path, wish().put("reason", order.neededReason()));
        JobReport.show(output, job);
        return order.wait == null ? Exit.OK : JobReport.end(output, job);
    }

    /** Before anybody is asked. */
    private void refuseUnclear() {
        if (from.offset != null && partition == null) {
            throw Failure.usage("An offset is one of a partition: say --partition");
        }
        if (from.offset != null && from.offset < 0 || partition != null && partition < 0) {
            throw Failure.usage("Offsets and partitions begin with 0");
        }
    }

    private Answer plan(Api api, String path) {
        var reason = order.reason == null || order.reason.isBlank() ? "only looking" : order.reason;
        return api.post(path, wish().put("reason", reason).put("dryRun", true));
    }

    private JsonObject wish() {
        var wish = new JsonObject();
        if (partition != null) {
            wish.put("partition", partition);
        }
        return from.time == null
                ? wish.put("fromOffset", String.valueOf(from.offset))
                : wish.put("fromTime", from.time);
    }

    /** @return escaped */
    private static String preview(JsonObject plan) {
        var table = new Table("PARTITION", "FROM", "TO", "OFFSETS", "KNOWN LETTERS");
        Answer.objects(plan.getJsonArray("partitions"))
                .forEach(each -> table.row(
                        each.getInteger("partition"),
                        each.getString("fromOffset"),
                        each.getString("toOffset"),
                        each.getLong("records"),
                        known(each)));
        return "%,d offsets to be passed again, %s of their letters known\n"
                        .formatted(plan.getLong("records"), known(plan))
                + table;
    }

    private static String known(JsonObject of) {
        var known = of.getJsonObject("known");
        return "%,d%s"
                .formatted(known.getLong("value"), known.getString("relation").equals("eq") ? "" : "+");
    }
}
