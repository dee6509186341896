package dev.redrive.cli;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
        name = "topics",
        description = "List the dead-letter topics that are read, and on standard error those that are not.",
        footer = {"%nExamples:", "  redrive topics", "  redrive topics --json"})
final class Topics extends Asking {

    Topics(Shell shell) {
        super(shell);
    }

    @Override
    Exit ask(Api api, Output output) {
        var answer = api.get("/topics").orFail();
        var topics = answer.items();
        if (output.isJson()) {
            output.json(topics);
        } else if (!topics.isEmpty()) {
            var table = new Table("TOPIC", "CLUSTER", "LETTERS", "OPEN", "LAG", "GAPS", "READ", "LAST LETTER");
            topics.forEach(topic -> table.row(
                    topic.getString("name"),
                    topic.getString("cluster"),
                    counted(topic.getJsonObject("letters")),
                    counted(topic.getJsonObject("open")),
                    topic.getLong("lag"),
                    topic.getLong("gaps"),
                    read(topic.getJsonObject("paused")),
                    topic.getString("lastLetterAt")));
            output.text(table);
        }
        for (var left : Answer.objects(answer.body().getJsonArray("notRead"))) {
            output.note("Not read: " + left.getString("name") + ", " + left.getString("why"));
        }
        return topics.isEmpty() ? Exit.NOTHING : Exit.OK;
    }

    private static String counted(JsonObject count) {
        return count.getLong("value") + (count.getString("relation").equals("eq") ? "" : "+");
    }

    private static String read(@Nullable JsonObject paused) {
        return paused == null ? "yes" : "paused by " + paused.getString("by");
    }
}
