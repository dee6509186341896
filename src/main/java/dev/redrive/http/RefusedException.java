package dev.redrive.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;

/**
 * A request that is refused for a documented reason; {@link Problem} turns it into the answer. Carries no stack trace,
 * since it says nothing about our own code.
 */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final transient JsonObject members;

    /** @param detail what went wrong this time, safe to show to the caller: no payload, no secret */
    public RefusedException(ProblemCode code, String detail) {
        this(code, detail, new JsonObject());
    }

    /** @param members further members of the problem, as the contract names them */
    public RefusedException(ProblemCode code, String detail, JsonObject members) {
        super(detail, null, false, false);
        this.code = code;
        this.members = members.copy();
    }

    public static RefusedException notFound(String what) {
        return new RefusedException(ProblemCode.NOT_FOUND, what);
    }

    /** @param parameter name of a query, path or header parameter */
    public static RefusedException invalidParameter(String parameter, String detail) {
        var error = new JsonObject().put("parameter", parameter).put("detail", detail);
        return new RefusedException(
                ProblemCode.VALIDATION_FAILED, detail, new JsonObject().put("errors", new JsonArray().add(error)));
    }

    /** @param pointer JSON pointer (RFC 6901) into the body */
    public static RefusedException invalidField(ProblemCode code, String pointer, String detail) {
        var error = new JsonObject().put("pointer", pointer).put("detail", detail);
        return new RefusedException(code, detail, new JsonObject().put("errors", new JsonArray().add(error)));
    }

    /** @param allowedActions words of the contract's Action */
    public static RefusedException conflict(String detail, Collection<String> allowedActions) {
        return new RefusedException(
                ProblemCode.CONFLICT_STATE,
                detail,
                new JsonObject()
                        .put(
                                "allowedActions",
                                new JsonArray(allowedActions.stream().toList())));
    }

    public ProblemCode code() {
        return code;
    }

    JsonObject members() {
        return members.copy();
    }
}
