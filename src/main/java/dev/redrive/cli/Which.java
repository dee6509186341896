package dev.redrive.cli;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which letters: one of the three. */
final class Which {

    @Parameters(index = "0", paramLabel = "<id>", description = "One letter.")
    @Nullable
    Long id;

    @Option(
            names = {"-q", "--query"},
            paramLabel = "<filter>",
            description = "Every letter of a filter (docs/filter.md).")
    @Nullable
    String query;

    @Option(names = "--group", paramLabel = "<id>", description = "Every letter of a failure group.")
    @Nullable
    Long group;

    boolean isOne() {
        return id != null;
    }

    /** @param q of a job, as it was asked for */
    boolean isMeantBy(String q) {
        return q.equals(group == null ? query : "group:" + group);
    }

    /** Body of a selection. */
    JsonObject selection() {
        return group == null
                ? new JsonObject().put("q", query == null ? "" : query)
                : new JsonObject().put("failureGroupId", group.toString());
    }
}
