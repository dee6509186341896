package dev.redrive.grouping;

import java.util.Locale;
import java.util.Set;

/**
 * One call of a stack trace, without line number, deploy directory and compiler-made names.
 *
 * @param function as precise as the trace tells, like {@code com.acme.orders.Pricing.toCents} or {@code orders.price}
 * @param origin whose code it is
 * @param outer whether it looks like the program's outermost loop ({@code ConsumerLoop}, {@code worker.py}), which
 *     says how a handler was called and not what failed
 */
record Frame(String function, Origin origin, boolean outer) {

    enum Origin {
        OWN,
        LIBRARY,
        /** Made by a compiler or a proxy: says nothing and separates nothing. */
        MADE
    }

    private static final Set<String> PLUMBING = Set.of(
            "run",
            "call",
            "invoke",
            "main",
            "emit",
            "dispatch",
            "execute",
            "poll",
            "loop",
            "apply",
            "accept",
            "start",
            "submit",
            "inner",
            "wrapper",
            "wrapped",
            "<module>",
            "<main>",
            "<anonymous>",
            "traced");
    private static final Set<String> HANDLERS = Set.of(
            "consume",
            "receive",
            "listen",
            "listener",
            "process",
            "processmessage",
            "processrecord",
            "process_message",
            "process_record",
            "eachmessage",
            "eachbatch",
            "perform",
            "main",
            "run",
            "__call__");

    static Frame own(String function, boolean outer) {
        return new Frame(function, Origin.OWN, outer);
    }

    static Frame library(String function) {
        return new Frame(function, Origin.LIBRARY, false);
    }

    static Frame made(String function) {
        return new Frame(function, Origin.MADE, false);
    }

    boolean own() {
        return origin == Origin.OWN;
    }

    /** A frame that would tell nothing as the place of a failure. */
    boolean plumbing() {
        return outer && PLUMBING.contains(method().toLowerCase(Locale.ROOT));
    }

    /** Whether a message handler begins here, so that its callers are machinery. */
    boolean entry() {
        return event() || HANDLERS.contains(method().toLowerCase(Locale.ROOT));
    }

    /** Whether it is called {@code onOrder} or {@code handleOrder}: nothing but a handler is. */
    boolean event() {
        String method = method();
        String lower = method.toLowerCase(Locale.ROOT);
        boolean on = method.length() > 2
                && lower.startsWith("on")
                && (Character.isUpperCase(method.charAt(2)) || method.charAt(2) == '_');
        return on || lower.startsWith("handle");
    }

    String method() {
        return function.substring(function.lastIndexOf('.') + 1);
    }

    /** Without packages: {@code Pricing.toCents}. */
    String shortName() {
        int method = function.lastIndexOf('.');
        int type = method <= 0 ? -1 : function.lastIndexOf('.', method - 1);
        return function.substring(type + 1);
    }
}
