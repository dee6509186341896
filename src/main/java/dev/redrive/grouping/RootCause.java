package dev.redrive.grouping;

import dev.redrive.letter.Failure;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The exception that decides: the innermost one, unless it only repeats what the one around it says better.
 *
 * @param chain of the trace, outermost first; empty where there is no trace
 * @param index of the root cause in {@code chain}; -1 where there is no trace
 * @param type its class; null where nothing names one
 * @param message as thrown; empty where unknown
 */
record RootCause(List<Thrown> chain, int index, @Nullable String type, String message) {

    /** Wrappers that any failure may come in; they are the root only where a trace was cut before the cause. */
    private static final Set<String> WRAPPERS = Set.of(
            "ListenerExecutionFailedException",
            "CompletionException",
            "ExecutionException",
            "ReactiveException",
            "AggregateException",
            "ExceptionGroup",
            "BaseExceptionGroup",
            "UndeclaredThrowableException",
            "InvocationTargetException",
            "TargetInvocationException",
            "MessageHandlingException",
            "StreamsException",
            "KafkaException",
            "wrapError",
            "wrapErrors");
    /**
     * These say it all, whatever they were caused by: a failed connection is one thing, whichever channel below noticed
     * it, and a text that is no date is one, whether it has the wrong shape or a thirteenth month.
     */
    private static final Set<String> DECIDING = Set.of(
            "java.time.format.DateTimeParseException",
            "java.lang.NumberFormatException",
            "java.net.ConnectException",
            "java.net.UnknownHostException",
            "java.net.SocketTimeoutException",
            "java.net.http.HttpConnectTimeoutException",
            "java.net.NoRouteToHostException");

    /** Initialising a class fails once with this and ever after with {@link #NOT_INITIALISED}. */
    private static final String INITIALISER = "ExceptionInInitializerError";

    private static final String NOT_INITIALISED = "Could not initialize class ";

    private static final Set<String> ENDLESS =
            Set.of("StackOverflowError", "RecursionError", "SystemStackError", "InsufficientExecutionStackException");

    static RootCause of(Failure failure, List<Thrown> chain) {
        String reported = known(failure.causeClass()) ? failure.causeClass() : failure.exceptionClass();
        reported = known(reported) ? reported : null;
        String message = failure.message() == null ? "" : failure.message();
        reported = wrapped(reported, message);
        if (chain.isEmpty()) {
            return new RootCause(chain, -1, reported, message);
        }
        int index = chain.size() - 1;
        for (int i = 0; i < index; i++) {
            String type = chain.get(i).type();
            if (type != null && DECIDING.contains(type)) {
                index = i;
            }
        }
        var root = chain.get(index);
        String type = root.type();
        boolean above = wraps(type) || chain.size() == 1 && type != null && type.equals(failure.exceptionClass());
        boolean cut = above && reported != null && !wraps(reported) && !reported.equals(type);
        if (type == null || cut) {
            return new RootCause(
                    chain, index, reported == null ? type : reported, message.isEmpty() ? root.message() : message);
        }
        return new RootCause(chain, index, type, whole(root, message));
    }

    /** A trace that was cut within the root's message, or read up to a blank line, is completed by the reported one. */
    private static String whole(Thrown root, String reported) {
        boolean cut = root.frames().isEmpty() && !root.message().isEmpty();
        boolean longer = !root.message().isEmpty() && reported.startsWith(root.message() + "\n");
        int at = cut || longer ? reported.indexOf(root.message()) : -1;
        return at < 0 ? root.message() : reported.substring(at);
    }

    /** Where only a wrapper was reported, the class that its message begins with: {@code a.b.RootException: text}. */
    private static @Nullable String wrapped(@Nullable String reported, String message) {
        int colon = message.indexOf(": ");
        boolean named = colon > 0 && Thrown.isTypeName(message, colon) && message.lastIndexOf('.', colon) > 0;
        return wraps(reported) && named ? message.substring(0, colon) : reported;
    }

    private static boolean known(@Nullable String type) {
        return type != null && !type.isBlank();
    }

    private static boolean wraps(@Nullable String type) {
        return type != null && WRAPPERS.contains(simple(type));
    }

    List<Frame> frames() {
        return index < 0 ? List.of() : chain.get(index).frames();
    }

    /** Class name without its package; {@code Error} for {@code a.b.Error}, {@code A::Error} and {@code A\Error}. */
    static String simple(String type) {
        int end = Math.max(Math.max(type.lastIndexOf('.'), type.lastIndexOf('\\')), type.lastIndexOf(':'));
        return end + 1 < type.length() ? type.substring(end + 1) : type;
    }

    boolean endless() {
        boolean named = type != null && ENDLESS.contains(simple(type));
        return named
                || message.startsWith("Maximum call stack size exceeded")
                || message.contains("goroutine stack exceeds");
    }

    /** The class whose static initialiser failed, with its package; null where the failure is none of that kind. */
    @Nullable
    String uninitialisedClass() {
        boolean failed = type != null && simple(type).equals(INITIALISER);
        String named = namedIn(message);
        for (var thrown : chain) {
            failed |= thrown.type() != null && simple(thrown.type()).equals(INITIALISER);
            named = named == null ? namedIn(thrown.message()) : named;
        }
        return named == null && failed ? initialised() : named;
    }

    private static @Nullable String namedIn(String text) {
        int at = text.indexOf(NOT_INITIALISED);
        if (at < 0) {
            return null;
        }
        int start = at + NOT_INITIALISED.length();
        int end = start;
        while (end < text.length() && (Character.isJavaIdentifierPart(text.charAt(end)) || text.charAt(end) == '.')) {
            end++;
        }
        return end > start ? text.substring(start, end) : null;
    }

    private @Nullable String initialised() {
        for (var frame : frames()) {
            if (frame.function().endsWith(".<clinit>")) {
                return frame.function().substring(0, frame.function().length() - 9);
            }
        }
        return null;
    }
}
