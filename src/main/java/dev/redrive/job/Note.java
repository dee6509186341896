package dev.redrive.job;

import dev.redrive.http.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.List;

/** What somebody noted about a letter or a failure group. */
public record Note(long id, String author, String text, OffsetDateTime at) {

    /** @param row with {@code id, author, text, created_at} */
    public static Note from(Row row) {
        return new Note(
                row.getLong("id"), row.getString("author"), row.getString("text"), row.getOffsetDateTime("created_at"));
    }

    /** As the contract lists them. @param reader whose own notes are told apart: nobody else may remove them */
    public static JsonObject list(List<Note> notes, String reader) {
        return new JsonObject()
                .put(
                        "items",
                        new JsonArray(notes.stream()
                                .map(note -> new JsonObject()
                                        .put("id", Long.toString(note.id()))
                                        .put("author", note.author())
                                        .put("text", note.text())
                                        .put("at", Times.rfc3339(note.at()))
                                        .put("own", note.author().equals(reader)))
                                .toList()));
    }
}
