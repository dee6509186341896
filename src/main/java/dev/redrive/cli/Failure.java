package dev.redrive.cli;

import org.jspecify.annotations.Nullable;

/** A command that cannot go on: what happened, and what one can do about it. */
final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Exit exit;
    private final @Nullable String advice;

    /**
     * @param what may hold foreign text; whoever prints it escapes it
     * @param advice null where there is nothing to do
     */
    Failure(Exit exit, String what, @Nullable String advice) {
        super(what, null, false, false);
        this.exit = exit;
        this.advice = advice;
    }

    static Failure usage(String what) {
        return new Failure(Exit.USAGE, what, null);
    }

    Exit exit() {
        return exit;
    }

    String what() {
        return String.valueOf(getMessage());
    }

    @Nullable
    String advice() {
        return advice;
    }
}
