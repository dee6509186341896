package dev.redrive.cli;

import io.vertx.core.json.JsonObject;

/** What a job would do, in words. */
final class ReplayPreview {

    private ReplayPreview() {}

    /** @return escaped */
    static String of(JsonObject selection, JsonObject preview) {
        var text = new StringBuilder(counted(selection) + ", " + preview.getLong("willSend") + " to be sent\n");
        var targets = Answer.objects(preview.getJsonArray("targets"));
        if (!targets.isEmpty()) {
            var table = new Table("TARGET", "LETTERS", "READ AGAIN BY");
            targets.forEach(target -> table.row(
                    target.getString("topic"),
                    target.getLong("letters"),
                    target.getJsonArray("groups") == null
                            ? "not known"
                            : String.join(
                                    ", ",
                                    target.getJsonArray("groups").stream()
                                            .map(String::valueOf)
                                            .toList())));
            text.append(table);
        }
        for (var left : Answer.objects(preview.getJsonArray("leftOut"))) {
            text.append(left.getLong("letters"))
                    .append(" left out: ")
                    .append(Plain.line(left.getString("why")))
                    .append('\n');
        }
        var compared = preview.getJsonObject("compared");
        if (compared.getLong("of") > 0) {
            text.append(compared.getLong("letters"))
                    .append(" of ")
                    .append(compared.getLong("of"))
                    .append(" with a key compared with the newest ")
                    .append(compared.getLong("newest"))
                    .append(" records of each partition they go to\n");
        }
        for (var warning : Answer.objects(preview.getJsonArray("warnings"))) {
            text.append("warning, ")
                    .append(Plain.line(warning.getString("kind")))
                    .append(": ")
                    .append(warning.getLong("letters"))
                    .append(": ")
                    .append(Plain.line(warning.getString("detail")))
                    .append('\n');
        }
        return text.toString();
    }

    /** Such as {@code 12 letters}, or {@code at least 100000 letters}. */
    static String counted(JsonObject selection) {
        var count = selection.getJsonObject("count");
        long letters = count.getLong("value");
        return (count.getString("relation").equals("eq") ? "" : "at least ")
                + letters
                + (letters == 1 ? " letter" : " letters");
    }
}
