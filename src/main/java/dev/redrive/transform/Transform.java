package dev.redrive.transform;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is done to the value of every letter of a job, as the contract's Transform has it.
 *
 * @param program in jq, 1 to 10,000 characters; whether it can be read is not known before {@link Transforms#check}
 * @param sendsUnchanged whether a letter goes as it is where the program changes nothing; else it is left out
 */
public record Transform(String program, boolean sendsUnchanged) {

    static final int LONGEST = 10_000;

    /**
     * @param given null for none
     * @param pointer JSON pointer to it in the body, for errors
     * @throws RefusedException where it makes no sense
     */
    public static @Nullable Transform of(@Nullable Object given, String pointer) {
        if (given == null) {
            return null;
        }
        if (!(given instanceof JsonObject json)
                || !Set.of("program", "unchanged").containsAll(json.fieldNames())
                || !(json.getValue("program") instanceof String program)) {
            throw invalid(pointer, "An object with program and unchanged");
        }
        if (program.isBlank() || program.length() > LONGEST) {
            throw invalid(pointer + "/program", "A jq program of at most %,d characters".formatted(LONGEST));
        }
        var unchanged = json.getValue("unchanged", "send");
        if (!Set.of("send", "skip").contains(unchanged)) {
            throw invalid(pointer + "/unchanged", "Say send or skip");
        }
        return new Transform(program, unchanged.equals("send"));
    }

    public JsonObject toJson() {
        return new JsonObject().put("program", program).put("unchanged", sendsUnchanged ? "send" : "skip");
    }

    private static RefusedException invalid(String pointer, String detail) {
        return RefusedException.invalidField(ProblemCode.VALIDATION_FAILED, pointer, detail);
    }
}
