package dev.redrive.transform;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** What a program makes of one value. */
public sealed interface Transformed {

    /** @param value what takes its place, one JSON text in UTF-8 */
    record Changed(Buffer value) implements Transformed {}

    /** The program gives what it was given, to the digit; the bytes stay as they are. */
    record Unchanged() implements Transformed {}

    /**
     * @param why the end of the sentence "The value …", with nothing of the value in it
     * @param detail more of it, which may name parts of the value: only for those who may read it. Null for none
     */
    record Failed(String why, @Nullable String detail) implements Transformed {

        Failed(String why) {
            this(why, null);
        }

        /** Both, for those who may read the value. */
        public String told() {
            return detail == null ? why : why + ": " + detail;
        }
    }
}
