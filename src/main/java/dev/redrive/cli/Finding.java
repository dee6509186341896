package dev.redrive.cli;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing the doctor looked at.
 *
 * @param what is so
 * @param why it matters; null where all is well
 * @param todo what to do about it; null where all is well
 */
record Finding(
        Level level,
        String name,
        String what,
        @Nullable String why,
        @Nullable String todo) {

    enum Level {
        OK,
        /** Worth to know, and perhaps meant. */
        NOTE,
        PROBLEM
    }

    static Finding ok(String name, String what) {
        return new Finding(Level.OK, name, what, null, null);
    }

    static Finding note(String name, String what, String why, String todo) {
        return new Finding(Level.NOTE, name, what, why, todo);
    }

    static Finding problem(String name, String what, String why, String todo) {
        return new Finding(Level.PROBLEM, name, what, why, todo);
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("level", level.name().toLowerCase(Locale.ROOT))
                .put("name", name)
                .put("what", what)
                .put("why", why)
                .put("todo", todo);
    }

    /** Escaped; each part on a line of its own. */
    String toText() {
        var mark = switch (level) {
            case OK -> "ok      ";
            case NOTE -> "note    ";
            case PROBLEM -> "PROBLEM ";
        };
        return mark + Plain.line(name) + ": " + Plain.line(what) + "\n"
                + (why == null ? "" : "        why: " + Plain.line(why) + "\n")
                + (todo == null ? "" : "        do:  " + Plain.line(todo) + "\n");
    }
}
